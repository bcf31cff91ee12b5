import type { Environment } from "@countersign/host";
import type { CheckpointRun, TrailStore } from "@countersign/trail";
import { openCheckpointer } from "./open_checkpointer.ts";

/**
 * Signs the trail if it has grown, by the settings in the environment.
 *
 * @throws {Error} when it may not be signed
 */
export async function signNow(trail: TrailStore, env: Environment): Promise<SignedRun> {
  return signedRun(await openCheckpointer(trail, { env }).run());
}

/** A run that was not refused. */
export type SignedRun = Exclude<CheckpointRun, { readonly result: "refused" }>;

/** @throws {Error} that says why the trail may not be signed */
export function signedRun(run: CheckpointRun): SignedRun {
  if (run.result !== "refused") return run;
  throw new Error(`Cannot sign the trail: ${run.why.charAt(0).toLowerCase()}${run.why.slice(1)}`);
}
