import type { PolicyProblem } from "../policy_problem.ts";
import type { PolicyDocument } from "../read/policy_document.ts";
import { formatWhere, joinPath, nearestPlace } from "../where.ts";
import { type Entry, entriesAt, textsAt } from "./_entries_at.ts";

/** Rules that enforce a bound of the organisation, which is at the same path. */
const BOUND_RULES = [
  "recipients.external",
  "content.block",
  "content.flag",
  "content.unscannable",
  "attachments",
  "limits",
  "hours",
];

/** Where a team warns about or excepts somebody from a rule that enforces a bound: that would undo the bound. */
export function checkBoundRules(
  team: PolicyDocument,
  organisation: PolicyDocument,
): readonly PolicyProblem[] {
  return [...warnings(team), ...textsAt(team, "exceptions[].rule")].flatMap((entry) => {
    const rule = BOUND_RULES.find((name) => name === entry.value);
    const [bound] = rule === undefined ? [] : entriesAt(organisation, rule);
    if (bound === undefined || boundsNothing(bound.value)) return [];
    return [loosens(entry, `rule "${rule}" enforces its bound`, bound)];
  });
}

/** The entries of `rules:` that say `warn`, their names as the values. */
function warnings(team: PolicyDocument): readonly Pick<Entry, "value" | "path" | "where">[] {
  return entriesAt(team, "rules").flatMap(({ value, where }) =>
    Object.entries(value ?? {})
      .filter(([, mode]) => mode === "warn")
      .map(([rule]) => {
        const path = joinPath("rules", rule);
        return { value: rule, path, where: nearestPlace(team.places, path) ?? where };
      }),
  );
}

function boundsNothing(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return value === "allow";
  return Object.keys(value).length === 0;
}

/** The problem of a team's value that goes beyond the organisation's `bound`; `why` completes the sentence. */
export function loosens(
  { where, path }: Pick<Entry, "where" | "path">,
  why: string,
  bound: Pick<Entry, "where">,
): PolicyProblem {
  return { where, path, message: `Looser than the organisation (${formatWhere(bound.where)}): ${why}` };
}
