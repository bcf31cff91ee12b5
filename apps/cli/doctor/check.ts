import type { Environment } from "@countersign/host";
import type { Diagnosis } from "../plan/diagnosis.ts";

/** Looks at one thing. What it throws becomes a finding: the other checks go on. */
export interface Check {
  /** What is looked at. */
  readonly what: string;
  readonly look: (env: Environment) => Promise<readonly Diagnosis[]>;
}
