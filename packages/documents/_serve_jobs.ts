import { parentPort } from "node:worker_threads";
import { type InspectJob, inspect } from "./inspect.ts";
import { loadPdfReader } from "./read/read_pdf.ts";

// The body of the thread: one job after the other, as they come.
parentPort?.on("message", async (job: InspectJob) => {
  // A rejection ends the thread, and with it the job: it is answered as not known.
  parentPort?.postMessage(await inspect(job));
});
// Loaded before the first job, whose time would be spent on it: the reader of PDFs takes seconds on a loaded machine.
await loadPdfReader();
parentPort?.postMessage("ready");
