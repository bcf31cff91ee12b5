/** A place in a policy file. */
export interface Where {
  /** The file as people name it: `teams/finance.yaml`. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units, as editors count. */
  readonly column: number;
}
