import { closeSync, constants, openSync } from "node:fs";
import { join, resolve } from "node:path";
import { rawDatabase } from "./raw_database.ts";

/** For how long a gateway that is just ending is waited for, in milliseconds. */
const PATIENCE_MS = 1_000;

/** A lock that is held until it is given back, or the process is gone, however it went. */
export interface GatewayLock {
  release(): void;
}

/**
 * Makes sure that one gateway serves a folder: two would each judge by their own memory. It is the kernel's lock on
 * `gateway.lock`, taken by SQLite, which knows how to on every system: nothing is left over after a crash. Commands that
 * read and write the trail beside a gateway do not ask for it.
 *
 * @throws {Error} that says what to do, when another gateway holds it
 */
export function takeGatewayLock(dataDir: string): GatewayLock {
  const path = resolve(join(dataDir, "gateway.lock"));
  closeSync(openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600));
  const db = rawDatabase(path, { timeout: PATIENCE_MS });
  try {
    db.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    db.close();
    if (!(error instanceof Error && "code" in error && error.code === "SQLITE_BUSY")) throw error;
    throw new Error(
      `Cannot start: another gateway serves the trail in "${dataDir}" (DATA_DIR). End it first, give this one a folder of its own, or let several share a PostgreSQL (DATABASE_URL)`,
    );
  }
  return { release: () => db.close() };
}
