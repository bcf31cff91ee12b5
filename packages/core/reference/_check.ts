import fc from "fast-check";

/** Where a run starts, and how many values it tries. */
export interface CheckOptions {
  readonly seed: number;
  readonly numRuns: number;
}

/** Runs a property; fails with what the smallest counterexample said, and with the seed and path that lead to it again. */
export function check<T>(property: fc.IProperty<T>, { seed, numRuns }: CheckOptions): void {
  const { failed, counterexamplePath, errorInstance } = fc.check(property, { seed, numRuns });
  if (!failed) return;
  const message = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  throw new Error(`Counterexample (seed ${seed}, path "${counterexamplePath}"):\n${message}`);
}
