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
const loading = loadTeams(dir, options).then((result) => packResult(result, known));
parentPort?.on("message", async () => parentPort?.postMessage((await loading).next().value));
