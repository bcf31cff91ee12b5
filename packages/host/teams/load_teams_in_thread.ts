import { setImmediate as nextTick } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { PolicyLoadResult, PolicySet } from "@countersign/core/policy";
import { marksOf, type Parcel, unpackResult } from "./_parcel.ts";
import type { LoadOrder } from "./_serve_parcels.ts";
import type { LoadTeamsOptions } from "./load_teams.ts";

/** How `loadTeamsInThread` can be spared work, and ended early. */
export interface LoadTeamsInThreadOptions extends LoadTeamsOptions {
  /** What was loaded before: what did not change is taken from here, and not handed over again. */
  readonly known?: PolicySet;
  readonly signal?: AbortSignal;
}

/**
 * Does what `loadTeams` does, in a thread of its own, so that whoever serves meanwhile goes on serving: the result is
 * handed over in parcels, and others get their turn in between. The thread ends with the load.
 *
 * @throws {Error} when the thread cannot do its work, or is told to end
 */
export async function loadTeamsInThread(
  dir: string,
  { known, signal, only }: LoadTeamsInThreadOptions = {},
): Promise<PolicyLoadResult> {
  signal?.throwIfAborted();
  const workerData: LoadOrder = {
    dir,
    known: known === undefined ? new Map() : marksOf(known),
    ...(only && { only }),
  };
  const entry = new URL("./_load_teams_thread.js", import.meta.url);
  const thread = new Worker(entry, { workerData, execArgv: [] });
  const end = () => void thread.terminate();
  signal?.addEventListener("abort", end);
  try {
    return await unpackResult(parcelsFrom(thread), known);
  } finally {
    signal?.removeEventListener("abort", end);
    await thread.terminate();
  }
}

async function* parcelsFrom(thread: Worker): AsyncGenerator<Parcel, void> {
  const broken = new Promise<never>((_, reject) => {
    thread.on("error", (cause) => reject(new Error("Cannot load policies: the thread failed", { cause })));
    thread.on("exit", () => reject(new Error("Cannot load policies: the thread has ended")));
  });
  let last = false;
  while (!last) {
    const arrived = new Promise<Parcel>((resolve) => thread.once("message", resolve));
    // Asked for one by one: parcels that wait together would be unpacked together, in one go.
    thread.postMessage("next");
    const parcel = await Promise.race([arrived, broken]);
    yield parcel;
    last = parcel.last;
    await nextTick();
  }
}
