import { formatWhere } from "../format_where.ts";
import type { PolicyProblem } from "../policy_problem.ts";
import type { Entry } from "./_entries_at.ts";

/** The problem of a team's value that goes beyond the organisation's `bound`; `why` completes the sentence. */
export function loosens({ where, path }: Entry, why: string, bound: Entry): PolicyProblem {
  return { where, path, message: `Looser than the organisation (${formatWhere(bound.where)}): ${why}` };
}
