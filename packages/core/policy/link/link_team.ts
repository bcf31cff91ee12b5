import { DEFAULT_API_KEY_ENV } from "../check/check_mailboxes.ts";
import { defaultOversight } from "../oversight_mode.ts";
import { type PlaceTable, placeTable } from "../place_table.ts";
import type { PolicyDocument } from "../read/policy_document.ts";
import type { OrganisationFile } from "../schema/organisation_file.ts";
import { EXTERNAL, type External } from "../schema/sections.ts";
import type { ExceptionFile, MailboxFile, TeamFile } from "../schema/team_file.ts";
import { shareEqual } from "../share_equal.ts";
import { shared } from "../shared.ts";
import type {
  AttachmentsPolicy,
  MailboxPolicy,
  PolicyException,
  RecipientsPolicy,
  TeamPolicy,
} from "../team_policy.ts";
import { DAY_MS, endOfDay, startOfDay } from "../values/times.ts";
import type { Where } from "../where.ts";
import { linkApproval, linkDelegates } from "./_link_approval.ts";
import { linkAssistants } from "./_link_assistants.ts";
import { linkCompose, linkRequire } from "./_link_compose.ts";
import { linkContent } from "./_link_content.ts";
import { linkBoundingHours, linkHours } from "./_link_hours.ts";
import { linkLimits } from "./_link_limits.ts";
import { LinkedNames } from "./_link_names.ts";
import { type LinkedFile, locatedIn, placeIn } from "./linked_file.ts";

/** What holds where a team's file says nothing. */
const DEFAULTS = {
  apiKeyEnv: DEFAULT_API_KEY_ENV,
  maxPerEmail: 10,
  attachments: { maxCount: 5, maxBytes: 5_000_000 },
  sendAt: { value: 30 * 86_400_000, text: "30d" },
  overlap: { windowMs: 24 * 3_600_000, similarity: 0.6, action: "flag" },
  afterOutsideMail: { windowMs: 3_600_000, newExternal: "require_approval", inbound: "outside" },
} as const;

/**
 * Links a team's file, which has no problems, with the organisation's: defaults filled in, bounds merged.
 * `hash` is the file's SHA-256 in hexadecimal.
 */
export function linkTeam(
  team: LinkedFile<TeamFile>,
  organisation: LinkedFile<OrganisationFile> | undefined,
  { hash }: { readonly hash: string },
): TeamPolicy {
  const { content: file, document } = team;
  const { overlap, after_outside_mail: afterOutsideMail } = file;
  const names = new LinkedNames(team, organisation);
  const approval = linkApproval(team, organisation, names);
  const delegates = linkDelegates(team, names, file.hours?.timezone);
  const within = linkBoundingHours(organisation, names);
  const hours =
    file.hours === undefined
      ? within
      : linkHours(team, { path: "hours", hours: file.hours }, { names, within });
  const attachments = linkAttachments(team, organisation);
  const compose = linkCompose(team, organisation);
  const require = linkRequire(team);
  const atMost = organisation?.content.send_at?.at_most ?? DEFAULTS.sendAt;
  const policy: TeamPolicy = {
    team: file.team,
    description: file.description ?? "",
    mailbox: linkMailbox(file.mailbox, organisation?.content.mailboxes?.[file.team] !== undefined),
    oversight: file.oversight ?? defaultOversight(organisation?.content.oversight?.most_permissive),
    approvers: approval.by.map(({ address }) => address),
    approval,
    ...(delegates.length > 0 && { delegates }),
    ...(file.notify !== undefined && { notify: linkNotify(team, file.notify) }),
    // Not as the organisation's, which are bounds and loosen nothing.
    assistants: linkAssistants(team, { names, within, outside: file.hours && hours?.outside }),
    recipients: linkRecipients(team, organisation, names),
    content: linkContent(organisation ? [team, organisation] : [team], {
      isAskedAbout: approval.classes.some(({ when }) => when.content !== undefined),
    }),
    ...(attachments && { attachments }),
    limits: linkLimits(
      [team, organisation]
        .filter((source) => source !== undefined)
        .map((source) => ({ file: source, path: "limits", limits: source.content.limits })),
    ),
    sendAt: { atMostMs: atMost.value, text: atMost.text },
    ...(hours && { hours }),
    ...(compose && { compose }),
    ...(require && { require }),
    ...(overlap && {
      overlap: {
        windowMs: overlap.window?.value ?? DEFAULTS.overlap.windowMs,
        similarity: overlap.similarity ?? DEFAULTS.overlap.similarity,
        action: overlap.action ?? DEFAULTS.overlap.action,
      },
    }),
    firstContact: file.first_contact ?? "allow",
    ...(afterOutsideMail && {
      afterOutsideMail: {
        windowMs: afterOutsideMail.window?.value ?? DEFAULTS.afterOutsideMail.windowMs,
        newExternal: afterOutsideMail.new_external ?? DEFAULTS.afterOutsideMail.newExternal,
        inbound: afterOutsideMail.inbound ?? DEFAULTS.afterOutsideMail.inbound,
      },
    }),
    rules: new Map(Object.entries(file.rules ?? {})),
    exceptions: (file.exceptions ?? []).map((exception, index) =>
      linkException(team, exception, { index, names, timezone: file.hours?.timezone }),
    ),
    source: { file: document.file, hash, places: linkPlaces(team, organisation) },
    // Last: only now all names were asked for.
    ...usedNames(names),
  };
  return shareEqual(policy);
}

function usedNames(names: LinkedNames): Pick<TeamPolicy, "named"> {
  const named = names.used();
  return named.length === 0 ? {} : { named };
}

function linkNotify(
  team: LinkedFile<TeamFile>,
  notify: NonNullable<TeamFile["notify"]>,
): NonNullable<TeamPolicy["notify"]> {
  if (typeof notify === "string") return [{ value: notify, text: notify, where: placeIn(team, "notify") }];
  return locatedIn(
    team,
    "notify",
    notify.map((name) => ({ value: name, text: name })),
  );
}

function linkMailbox(
  { id, address, api_key_env, auto_cc, auto_bcc }: MailboxFile,
  isListed: boolean,
): MailboxPolicy {
  return {
    id,
    address: address.value.address,
    apiKeyEnv: api_key_env ?? DEFAULTS.apiKeyEnv,
    ...(auto_cc && { autoCc: auto_cc.value.address }),
    ...(auto_bcc && { autoBcc: auto_bcc.value.address }),
    ...(isListed && { listed: true }),
  };
}

function linkRecipients(
  team: LinkedFile<TeamFile>,
  organisation: LinkedFile<OrganisationFile> | undefined,
  names: LinkedNames,
): RecipientsPolicy {
  const { internal, external, skip_approval, allow, deny, max_per_email } = team.content.recipients ?? {};
  return {
    internal:
      internal === undefined && organisation
        ? locatedIn(organisation, "internal", organisation.content.internal)
        : locatedIn(team, "recipients.internal", internal),
    external: external ?? defaultExternal(organisation?.content.recipients?.external),
    skipApproval: locatedIn(team, "recipients.skip_approval", skip_approval),
    ...(allow && { allow: names.recipients(team, "recipients.allow", allow) }),
    deny: [
      ...names.recipients(team, "recipients.deny", deny),
      ...(organisation
        ? names.recipients(organisation, "recipients.deny", organisation.content.recipients?.deny)
        : []),
    ],
    maxPerEmail: max_per_email ?? DEFAULTS.maxPerEmail,
  };
}

/** `require_approval`, or the organisation's bound where that is stricter. */
function defaultExternal(bound: External = "allow"): External {
  return EXTERNAL.indexOf(bound) < EXTERNAL.indexOf("require_approval") ? bound : "require_approval";
}

function linkAttachments(
  team: LinkedFile<TeamFile>,
  organisation: LinkedFile<OrganisationFile> | undefined,
): AttachmentsPolicy | undefined {
  const { attachments } = team.content;
  if (attachments === undefined) return undefined;
  const bounds = organisation?.content.attachments;
  const { maxCount, maxBytes } = DEFAULTS.attachments;
  return {
    allow: locatedIn(
      team,
      "attachments.allow",
      attachments.allow.map((type) => ({ value: type, text: type })),
    ),
    maxCount: attachments.max_count ?? Math.min(maxCount, bounds?.max_count ?? maxCount),
    maxBytes: attachments.max_bytes?.value ?? Math.min(maxBytes, bounds?.max_bytes?.value ?? maxBytes),
  };
}

function linkException(
  team: LinkedFile<TeamFile>,
  exception: ExceptionFile,
  {
    index,
    names,
    timezone,
  }: { readonly index: number; readonly names: LinkedNames; readonly timezone: string | undefined },
): PolicyException {
  const { rule, assistants, recipients, reason, owner, from, expires } = exception;
  const path = `exceptions[${index}]`;
  return {
    rule,
    ...(assistants && { assistants: new Set(assistants) }),
    ...(recipients && { recipients: names.recipients(team, `${path}.recipients`, recipients) }),
    reason,
    owner: owner.value.key,
    expires: expires.text,
    ...(from && {
      from: from.text,
      fromAt: timezone === undefined ? from.value - DAY_MS : startOfDay(from.text, timezone),
    }),
    expiresAt: timezone === undefined ? expires.value : endOfDay(expires.text, timezone),
    where: placeIn(team, path),
  };
}

/** What a team takes over when its own file does not mention it: path in the team's → path in the organisation's. */
const INHERITED: Readonly<Record<string, string>> = {
  oversight: "oversight.most_permissive",
  "recipients.external": "recipients.external",
  "recipients.internal": "internal",
  "content.unscannable": "content.unscannable",
  "attachments.max_count": "attachments.max_count",
  "attachments.max_bytes": "attachments.max_bytes",
  "send_at.at_most": "send_at.at_most",
  "approval.needed": "approval.needed",
  "approval.expires": "approval.expires",
  "approval.reason": "approval.reason",
  compose: "compose",
};

/** By what a team's file does not mention, for each organisation's file. */
const inheritances = new WeakMap<PolicyDocument, Map<string, ReadonlyMap<string, Where>>>();

function linkPlaces(
  team: LinkedFile<TeamFile>,
  organisation: LinkedFile<OrganisationFile> | undefined,
): PlaceTable {
  const { places } = team.document;
  if (organisation === undefined) return placeTable(places);
  const absent = Object.keys(INHERITED).filter((path) => !places.has(path));
  const known = inheritances.get(organisation.document) ?? new Map<string, ReadonlyMap<string, Where>>();
  inheritances.set(organisation.document, known);
  const inherited = shared(known, absent.join(), () => inheritedPlaces(absent, organisation));
  return placeTable(places, inherited);
}

function inheritedPlaces(
  paths: readonly string[],
  { document }: LinkedFile<OrganisationFile>,
): ReadonlyMap<string, Where> {
  return new Map(
    paths.flatMap((path) => {
      const place = document.places.get(INHERITED[path] ?? path);
      return place === undefined ? [] : [[path, place] as const];
    }),
  );
}
