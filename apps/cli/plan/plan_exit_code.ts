import type { Plan } from "./make_plan.ts";

/** Exit code of a plan: 0 in step, 2 drift, 1 when something could not be compared. */
export function planExitCode({ differences, errors }: Pick<Plan, "differences" | "errors">): 0 | 1 | 2 {
  if (errors.length > 0) return 1;
  return differences.length === 0 ? 0 : 2;
}
