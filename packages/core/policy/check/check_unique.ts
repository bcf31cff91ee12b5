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

/** Everything that two teams, or two assistants, claim for themselves; said where it is claimed again. */
export function checkUnique(teams: readonly PolicyDocument[]): readonly PolicyProblem[] {
  return UNIQUE.flatMap(({ path, what, canonical = (text) => text, perTeam = false }) => {
    const first = new Map<string, Where>();
    return teams
      .flatMap((team) => textsAt(team, path).filter((entry) => !team.spoilt.has(entry.path)))
      .flatMap(({ value, where, path }) => {
        const key = `${perTeam ? where.file : ""}\n${canonical(value)}`;
        const taken = first.get(key);
        if (taken === undefined) first.set(key, where);
        return taken === undefined
          ? []
          : [{ where, path, message: `${what} is taken: see ${formatWhere(taken)}` }];
      });
  });
}

/** What these files claim for themselves alone; comparable with that of `claimsOf`. */
export function claimsIn(teams: readonly PolicyDocument[]): ReadonlySet<string> {
  return new Set(
    UNIQUE.filter(({ perTeam }) => !perTeam).flatMap(({ path, canonical = (text) => text }) =>
      teams.flatMap((team) => textsAt(team, path).map(({ value }) => `${path} ${canonical(value)}`)),
    ),
  );
}

/** The same of a policy without problems. */
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
