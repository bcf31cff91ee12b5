import type { Where } from "./where.ts";

/** One thing that is wrong in a policy file. Shown as `file:line:col: message (path)`. */
export interface PolicyProblem {
  readonly where: Where;
  /** Dotted path of the value: `recipients.deny[0]`; empty for the file as a whole. */
  readonly path: string;
  /** What is wrong and what to write instead. */
  readonly message: string;
}
