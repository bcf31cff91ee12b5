import { existsSync } from "node:fs";
import { formatProblem, type PolicyProblem, type PolicySet } from "@countersign/core/policy";
import { parseEnv } from "@countersign/host/env";
import { loadManyTeams } from "@countersign/host/many-teams";

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
  const result = await loadManyTeams(dir);
  if (result.ok) return result.policies;
  throw problemsError(dir, result.problems);
}

/** An error that lists every problem of the policies in a folder. */
export function problemsError(dir: string, problems: readonly PolicyProblem[]): Error {
  const list = problems.map((problem) => `  ${formatProblem(problem)}`).join("\n");
  return new Error(`Cannot use the policies in "${dir}":\n${list}`);
}
