import { EnvError, type Environment } from "@countersign/host";
import type { Diagnosis } from "../plan/diagnosis.ts";

/** Looks at one thing. What it throws becomes a finding: the other checks go on. */
export interface Check {
  /** What is looked at. */
  readonly what: string;
  readonly look: (env: Environment) => Promise<readonly Diagnosis[]>;
}

/** Nobody waits longer for a doctor: a check that takes longer is a finding itself. */
const MAX_MS = 20_000;

/** What was looked at, and found. */
export interface Checked {
  readonly findings: readonly Diagnosis[];
  /** Something still looks, though nobody waits for it any more. */
  readonly late: boolean;
}

/** Looks at everything, together; in the order of the checks. A check that fails is a finding itself. */
export async function runChecks(
  checks: readonly Check[],
  env: Environment,
  { maxMs = MAX_MS }: { readonly maxMs?: number } = {},
): Promise<Checked> {
  const all = await Promise.all(checks.map((check) => atMost(maxMs, check, env)));
  const findings = all.map((found, index) => found ?? [tooLate(checks[index]?.what ?? "", maxMs)]);
  return { findings: findings.flat(), late: all.includes(undefined) };
}

/** Undefined when the check took longer. */
async function atMost(
  maxMs: number,
  check: Check,
  env: Environment,
): Promise<readonly Diagnosis[] | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), maxMs);
  });
  try {
    return await Promise.race([runCheck(check, env), late]);
  } finally {
    clearTimeout(timer);
  }
}

function tooLate(what: string, maxMs: number): Diagnosis {
  const message = `It could not be looked at within ${maxMs / 1000} s`;
  return { what, level: "problem", message, todo: "Look at the other findings, and run doctor again" };
}

async function runCheck({ what, look }: Check, env: Environment): Promise<readonly Diagnosis[]> {
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
