import { formatProblem, type PolicySet } from "@countersign/core/policy";
import { loadTeams } from "@countersign/host";

/**
 * The policies of a folder.
 *
 * @throws {Error} whose message lists every problem, when there is any
 */
export async function loadPolicies(dir: string): Promise<PolicySet> {
  const result = await loadTeams(dir);
  if (result.ok) return result.policies;
  const list = result.problems.map((problem) => `  ${formatProblem(problem)}`).join("\n");
  throw new Error(`Cannot use the policies in "${dir}":\n${list}`);
}
