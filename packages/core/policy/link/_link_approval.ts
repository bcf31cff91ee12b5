import { type ApprovalClassFile, type DelegateFile, REASONS } from "../schema/approval.ts";
import type { OrganisationFile } from "../schema/organisation_file.ts";
import type { TeamFile } from "../schema/team_file.ts";
import type { ApprovalClass, ApprovalPolicy, Delegation, PolicyPerson, TimeSpan } from "../team_policy.ts";
import { endOfDay } from "../values/times.ts";
import type { Written } from "../values/written.ts";
import type { Where } from "../where.ts";
import { locatedDetectors } from "./_link_content.ts";
import type { LinkedNames } from "./_link_names.ts";
import { type LinkedFile, placeIn } from "./linked_file.ts";

/** What holds where neither file says anything. */
const DEFAULTS = { needed: 1, reason: "reject" } as const;

/** Who decides on a team's email: the team's own words, and what it takes over from the organisation. */
export function linkApproval(
  team: LinkedFile<TeamFile>,
  organisation: LinkedFile<OrganisationFile> | undefined,
  names: LinkedNames,
): ApprovalPolicy {
  const { approvers, approval = {} } = team.content;
  const bounds = organisation?.content.approval ?? {};
  const list = approval.by === undefined ? ("approvers" as const) : ("approval.by" as const);
  const by = names.people(team, list, approval.by ?? approvers);
  /** Where a key is written: in the team's file, or in the organisation's, which the team takes over. */
  const placeOf = (key: "needed" | "expires"): Where => {
    const path = `approval.${key}`;
    const isTakenOver = approval[key] === undefined && bounds[key] !== undefined;
    return isTakenOver && organisation ? placeIn(organisation, path) : placeIn(team, path);
  };
  const expires = approval.expires ?? bounds.expires;
  const { remind, escalate } = approval;
  const reason = approval.reason ?? DEFAULTS.reason;
  const isSaid = approval.needed !== undefined || bounds.needed !== undefined;
  return {
    by,
    needed: approval.needed ?? bounds.needed ?? DEFAULTS.needed,
    reason: REASONS.find((one) => one === reason || one === bounds.reason) ?? reason,
    ...(expires && { expires: span(expires, placeOf("expires")) }),
    ...(remind && { remind: span(remind, placeIn(team, "approval.remind")) }),
    ...(escalate && {
      escalate: {
        after: span(escalate.after, placeIn(team, "approval.escalate.after")),
        to: names.people(team, "approval.escalate.to", escalate.to),
      },
    }),
    classes: (approval.classes ?? []).map((one, index) =>
      linkClass(team, one, { path: `approval.classes[${index}]`, by, names }),
    ),
    where: isSaid ? placeOf("needed") : placeIn(team, list),
  };
}

function linkClass(
  team: LinkedFile<TeamFile>,
  { when, needed = 1, by }: ApprovalClassFile,
  options: {
    readonly path: string;
    readonly by: readonly PolicyPerson[];
    readonly names: LinkedNames;
  },
): ApprovalClass {
  const { path, names } = options;
  const { content, recipients, attachments } = when;
  return {
    when: {
      ...(content && { content: locatedDetectors(team, `${path}.when.content`, content) }),
      ...(recipients && { recipients: names.recipients(team, `${path}.when.recipients`, recipients) }),
      ...(attachments && { attachments }),
    },
    needed,
    by: by === undefined ? options.by : names.people(team, `${path}.by`, by),
    where: placeIn(team, path),
  };
}

/** The `delegates` of a file, one for each two people. Nobody stands in for themselves, whatever roles both have. */
export function linkDelegates(
  file: LinkedFile<{ readonly delegates?: readonly DelegateFile[] }>,
  names: LinkedNames,
  timezone: string | undefined,
): readonly Delegation[] {
  return (file.content.delegates ?? []).flatMap(({ from, to, until, reason }, index) => {
    const path = `delegates[${index}]`;
    const rest = {
      until: until.text,
      endsAt: timezone === undefined ? until.value : endOfDay(until.text, timezone),
      reason,
      where: placeIn(file, path),
    };
    const deputies = names.people(file, `${path}.to`, [to], "one");
    return names
      .people(file, `${path}.from`, [from], "one")
      .flatMap((one) =>
        deputies
          .filter(({ address }) => address !== one.address)
          .map((other): Delegation => ({ from: one, to: other, ...rest })),
      );
  });
}

function span({ value, text }: Written<number>, where: Where): TimeSpan {
  return { ms: value, text, where };
}
