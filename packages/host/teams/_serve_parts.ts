import { parentPort, workerData } from "node:worker_threads";
import { loadTeams } from "./load_teams.ts";

// The body of a thread that loads one part of a folder after another: told the names of files, it answers with the result.
const { dir } = workerData as { readonly dir: string };
parentPort?.on("message", async (only: ReadonlySet<string>) => {
  parentPort?.postMessage(await loadTeams(dir, { only }));
});
