import type { Environment } from "@countersign/host";
import type { TrailStore } from "@countersign/trail";
import { openCheckpointer } from "./open_checkpointer.ts";
import { type SignedRun, signedRun } from "./signed_run.ts";

/**
 * Signs the trail if it has grown, by the settings in the environment.
 *
 * @throws {Error} when it may not be signed
 */
export async function signNow(trail: TrailStore, env: Environment): Promise<SignedRun> {
  return signedRun(await openCheckpointer(trail, { env }).run());
}
