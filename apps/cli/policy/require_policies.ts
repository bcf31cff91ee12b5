import { existsSync } from "node:fs";
import type { PolicySet } from "@countersign/core/policy";
import { loadTeams, parseEnv } from "@countersign/host";
import { problemsError } from "./problems_error.ts";

/**
 * The policies of a folder, by default of `TEAMS_DIR`.
 *
 * @throws {Error} whose message lists every problem, when there is any
 */
export async function requirePolicies(
  dir: string = parseEnv(process.env, ["teamsDir"]).teamsDir,
): Promise<PolicySet> {
  if (!existsSync(dir))
    throw new Error(`Cannot find the policies: there is no folder "${dir}"; set TEAMS_DIR to where they are`);
  const result = await loadTeams(dir);
  if (result.ok) return result.policies;
  throw problemsError(dir, result.problems);
}
