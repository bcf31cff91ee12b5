import { setTimeout as sleep } from "node:timers/promises";
import type Database from "better-sqlite3";
import { TrailUnavailableError } from "../trail_unavailable_error.ts";

/** For how long readers of the write-ahead log are waited for. */
const PATIENCE_MS = 15_000;
const RETRY_MS = 200;

/**
 * Empties the write-ahead log into the database, in which `secure_delete` has overwritten what was deleted: then the
 * log, too, holds nothing of it.
 *
 * @throws {TrailUnavailableError} when another program reads from the log all the while
 */
export async function scrub(db: Database.Database): Promise<void> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  while (true) {
    const [result] = db.pragma("wal_checkpoint(TRUNCATE)") as { readonly busy: number }[];
    if (result?.busy === 0) return;
    if (Date.now() >= giveUpAt)
      throw new TrailUnavailableError("Cannot overwrite what was erased: another program reads the trail");
    await sleep(RETRY_MS);
  }
}
