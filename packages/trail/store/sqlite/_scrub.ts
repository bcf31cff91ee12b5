import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { TrailUnavailableError } from "../trail_unavailable_error.ts";

/** For how long readers of the write-ahead log, and others that append, are waited for. */
const PATIENCE_MS = 15_000;
const RETRY_MS = 200;

/** What holds values that can be erased, or that tell of whom a record is. */
const TABLES = [
  { name: "sealed", columns: "id, commitment, salt, kind, value", order: "id" },
  { name: "recipients", columns: "seq, base", order: "seq, base" },
] as const;

/**
 * Writes the tables that held what was erased anew, then empties the write-ahead log into the database: neither holds
 * anything of it any more. `secure_delete` alone is not enough: where SQLite moves rows between pages, as it does when
 * others come or go, it leaves copies in the gaps, and what is deleted later is overwritten only where it lies. `emptyLog`
 * says whether it could.
 *
 * @throws {TrailUnavailableError} when another program reads from the log, or appends, all the while
 */
export async function scrub(file: string, emptyLog: () => Promise<boolean>): Promise<void> {
  await rewriteTables(file);
  const giveUpAt = Date.now() + PATIENCE_MS;
  while (true) {
    if (await emptyLog()) return;
    if (Date.now() >= giveUpAt)
      throw new TrailUnavailableError("Cannot overwrite what was erased: another program reads the trail");
    await sleep(RETRY_MS);
  }
}

/** In a thread: a large trail takes a while, and whoever serves meanwhile goes on serving. */
async function rewriteTables(file: string): Promise<void> {
  const entry = new URL("./_rewrite_thread.js", import.meta.url);
  const thread = new Worker(entry, {
    workerData: { file, tables: TABLES, timeout: PATIENCE_MS },
    execArgv: [],
  });
  await new Promise<void>((resolve, reject) => {
    thread.once("error", (cause) => {
      const why = cause instanceof Error ? cause.message : String(cause);
      reject(new TrailUnavailableError(`Cannot overwrite what was erased: ${why}`, { cause }));
    });
    thread.once("exit", () => resolve());
  });
}
