import { type Difference, NEEDS_CODE } from "./difference.ts";
import type { Plan } from "./make_plan.ts";

/** A plan as JSON. */
export function planJson({ differences, findings, errors }: Plan): Record<string, unknown> {
  return {
    in_step: differences.length === 0 && errors.length === 0,
    differences: differences.map(differenceJson),
    findings,
    errors,
  };
}

/** A difference as JSON. */
export function differenceJson({ change, todo, ...difference }: Difference): Record<string, unknown> {
  return {
    ...difference,
    needs_code: change !== undefined && NEEDS_CODE[change.kind],
    todo: todo ?? null,
  };
}
