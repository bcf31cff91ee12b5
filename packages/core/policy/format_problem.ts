import { formatWhere } from "./format_where.ts";
import type { PolicyProblem } from "./policy_problem.ts";

/**
 * A problem in one line: `teams/finance.yaml:14:9: Unknown key "recipient": did you mean "recipients"? (recipients)`.
 * Safe for a terminal: control characters, which a file's name may hold, become `?`.
 */
export function formatProblem({ where, message, path }: PolicyProblem): string {
  const line = `${formatWhere(where)}: ${message}${path === "" ? "" : ` (${path})`}`;
  return line.replace(/\p{Cc}/gu, "?");
}
