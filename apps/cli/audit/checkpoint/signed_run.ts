import type { CheckpointRun } from "@countersign/trail";

/** A run that was not refused. */
export type SignedRun = Exclude<CheckpointRun, { readonly result: "refused" }>;

/** @throws {Error} that says why the trail may not be signed */
export function signedRun(run: CheckpointRun): SignedRun {
  if (run.result !== "refused") return run;
  throw new Error(`Cannot sign the trail: ${run.why.charAt(0).toLowerCase()}${run.why.slice(1)}`);
}
