import { formatWhere, type Where } from "./where.ts";

/** One thing that is wrong in a policy file. Shown as `file:line:col: message (path)`. */
export interface PolicyProblem {
  readonly where: Where;
  /** Dotted path of the value: `recipients.deny[0]`; empty for the file as a whole. */
  readonly path: string;
  /** What is wrong and what to write instead. */
  readonly message: string;
}

/**
 * A problem in one line: `teams/finance.yaml:14:9: Unknown key "recipient": did you mean "recipients"? (recipients)`.
 * Safe for a terminal: control characters, which a file's name may hold, become `?`.
 */
export function formatProblem({ where, message, path }: PolicyProblem): string {
  const line = `${formatWhere(where)}: ${message}${path === "" ? "" : ` (${path})`}`;
  return line.replace(/\p{Cc}/gu, "?");
}
