import type { Finding } from "../plan/finding.ts";

/** The environment that everything is read from. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Looks at one thing. What it throws becomes a finding: the other checks go on. */
export interface Check {
  /** What is looked at. */
  readonly what: string;
  readonly look: (env: Environment) => Promise<readonly Finding[]>;
}
