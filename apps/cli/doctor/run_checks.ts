import { EnvError } from "@countersign/host";
import type { Finding } from "../plan/finding.ts";
import type { Check, Environment } from "./check.ts";

/** Looks at everything, together; in the order of the checks. A check that fails is a finding itself. */
export async function runChecks(checks: readonly Check[], env: Environment): Promise<readonly Finding[]> {
  const findings = await Promise.all(checks.map((check) => runCheck(check, env)));
  return findings.flat();
}

async function runCheck({ what, look }: Check, env: Environment): Promise<readonly Finding[]> {
  try {
    return await look(env);
  } catch (error) {
    if (error instanceof EnvError) {
      const message = "It could not be looked at: a variable that it needs is wrong";
      return [{ what, level: "warning", message, todo: "Correct the environment, and run doctor again" }];
    }
    const message = error instanceof Error ? error.message : String(error);
    return [{ what, level: "problem", message, todo: "Correct this, and run doctor again" }];
  }
}
