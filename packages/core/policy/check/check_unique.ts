import { parseAddress } from "../../address/mod.ts";
import type { PolicyProblem } from "../policy_problem.ts";
import type { PolicyDocument } from "../read/policy_document.ts";
import type { TeamPolicy } from "../team_policy.ts";
import { formatWhere, type Where } from "../where.ts";
import { textsAt } from "./_entries_at.ts";

/** What must not be written twice, in one file or in two. */
const UNIQUE: readonly {
  readonly path: string;
  readonly what: string;
  /** Values are compared in the form that this gives them. Default: as they are. */
  readonly canonical?: (text: string) => string;
  /** Two teams may each have one: it must be unique in its own file only. */
  readonly perTeam?: boolean;
}[] = [
  { path: "mailbox.id", what: "Mailbox" },
  { path: "mailbox.address", what: "Mailbox address", canonical: addressKey },
  { path: "assistants[].id", what: "Assistant id", perTeam: true },
  { path: "assistants[].keys[]", what: "Key" },
];

/** Something that a file claims for itself, or for one of its assistants. */
export interface Claim {
  readonly what: string;
  readonly path: string;
  readonly where: Where;
  /** Equal to that of whoever claims the same. Of what only its own file must not have twice, it begins with the file. */
  readonly key: string;
}

/** Everything that a file claims. */
export function claimsIn(team: PolicyDocument): readonly Claim[] {
  return UNIQUE.flatMap(({ path: pattern, what, canonical = (text) => text, perTeam = false }) =>
    textsAt(team, pattern)
      .filter(({ path }) => !team.spoilt.has(path))
      .map(({ value, path, where }) => ({
        what,
        path,
        where,
        key: perTeam ? `${where.file}\n${canonical(value)}` : `${pattern} ${canonical(value)}`,
      })),
  );
}

/** Everything that two teams, or two assistants, claim for themselves; said where it is claimed again. */
export function checkUnique(claims: readonly Claim[]): readonly PolicyProblem[] {
  const first = new Map<string, Where>();
  return claims.flatMap(({ what, path, where, key }) => {
    const taken = first.get(key);
    if (taken === undefined) first.set(key, where);
    return taken === undefined
      ? []
      : [{ where, path, message: `${what} is taken: see ${formatWhere(taken)}` }];
  });
}

/**
 * Finds those of many policies without problems that claim one of these; `keys` are those of claims. Values are looked for
 * first, of whatever kind: making the keys of thousands of policies takes ten times as long.
 */
export function claimants(keys: Iterable<string>): (policy: TeamPolicy) => boolean {
  const claims = new Set(keys);
  const values = new Set([...claims].map((key) => key.slice(key.lastIndexOf(" ") + 1)));
  return (policy) => {
    const { mailbox, assistants } = policy;
    let isNear = values.has(mailbox.id) || values.has(mailbox.address.toLowerCase());
    for (const assistant of assistants.values()) for (const key of assistant.keys) isNear ||= values.has(key);
    return isNear && claimsOf(policy).some((claim) => claims.has(claim));
  };
}

/** The keys of what a policy without problems claims against other teams. */
export function claimsOf({ mailbox, assistants }: TeamPolicy): readonly string[] {
  const keys = [...assistants.values()].flatMap((assistant) => assistant.keys);
  return [
    `mailbox.id ${mailbox.id}`,
    `mailbox.address ${mailbox.address.toLowerCase()}`,
    ...keys.map((key) => `assistants[].keys[] ${key}`),
  ];
}

function addressKey(text: string): string {
  const parsed = parseAddress(text);
  return parsed.ok ? parsed.address.key : text;
}
