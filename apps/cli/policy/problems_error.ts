import { formatProblem, type PolicyProblem } from "@countersign/core/policy";

/** An error that lists every problem of the policies in a folder. */
export function problemsError(dir: string, problems: readonly PolicyProblem[]): Error {
  const list = problems.map((problem) => `  ${formatProblem(problem)}`).join("\n");
  return new Error(`Cannot use the policies in "${dir}":\n${list}`);
}
