import { existsSync } from "node:fs";
import { join } from "node:path";
import type { TrailStore } from "./store/store.ts";
import { TrailUnavailableError } from "./store/trail_unavailable_error.ts";

/** Where a trail is. */
export interface TrailPlace {
  /** The gateway's folder, in which SQLite's file lies. */
  readonly dataDir: string;
  /** `postgres://…`: the trail is in that database, and not in the folder. */
  readonly databaseUrl?: string | undefined;
}

/** How to open it. */
export interface OpenTrailAtOptions {
  /** To read only; a trail that is not there is not made. */
  readonly readonly?: boolean;
  /** To verify it, with `readonly`: whatever its schema is. Answers may then leave records out. */
  readonly unchecked?: boolean;
  /** For whoever serves: SQLite is appended to in a thread, so that nothing else waits for the disk. It takes a start. */
  readonly inThread?: boolean;
  /**
   * Is told now and then how many records of how many are done, when SQLite's file is of an earlier version and is brought
   * up to date: a few million take minutes.
   */
  readonly onMigrate?: (done: number, total: number) => void;
}

/** So often at most. */
const TELL_EVERY_MS = 2_000;

/**
 * Opens the trail wherever the settings put it, also beside programs that append to it, and makes it if it is to be
 * appended to and there is none. Only the driver that it takes is loaded. The folder must exist.
 *
 * @throws {TrailUnavailableError} when it cannot be opened, or is not there
 */
export async function openTrailAt(
  { dataDir, databaseUrl }: TrailPlace,
  { readonly = false, unchecked = false, inThread = false, onMigrate }: OpenTrailAtOptions = {},
): Promise<TrailStore> {
  if (databaseUrl !== undefined) {
    const { openPostgresTrail } = await import("./store/postgres/mod.ts");
    return openPostgresTrail(databaseUrl, { readonly, unchecked });
  }
  const path = join(dataDir, "trail.sqlite");
  if (readonly && !existsSync(path)) {
    throw new TrailUnavailableError(`Cannot open trail "${path}": there is none`);
  }
  const { openSqliteTrail } = await import("./store/sqlite/mod.ts");
  return openSqliteTrail(path, {
    readonly,
    unchecked,
    inThread,
    onMigrate: onMigrate && nowAndThen(onMigrate),
  });
}

/** At the beginning, at the end, and in between only so often. */
function nowAndThen(tell: (done: number, total: number) => void): (done: number, total: number) => void {
  let next = 0;
  return (done, total) => {
    if (done < total && performance.now() < next) return;
    next = performance.now() + TELL_EVERY_MS;
    tell(done, total);
  };
}
