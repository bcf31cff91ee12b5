import { parentPort, workerData } from "node:worker_threads";
import { packResult } from "./_parcel.ts";
import { loadTeams } from "./load_teams.ts";

/** What the thread is started with. */
export interface LoadOrder {
  readonly dir: string;
  /** Marks of the policies that need not be handed over. */
  readonly known: ReadonlyMap<string, string>;
  readonly only?: ReadonlySet<string>;
}

// The body of the thread: loads the folder, and hands the result over parcel by parcel, as it is asked to.
const { dir, known, ...options } = workerData as LoadOrder;
const parcels = packResult(await loadTeams(dir, options), known);
parentPort?.on("message", () => parentPort?.postMessage(parcels.next().value));
