/** What was looked at, how it is, and what to do about it. */
export interface Diagnosis {
  /** What was looked at: `MULTIMAIL_API_KEY`, `clock`. */
  readonly what: string;
  readonly level: "ok" | "warning" | "problem";
  /** How it is, without secrets. */
  readonly message: string;
  /** What to do. */
  readonly todo?: string;
}
