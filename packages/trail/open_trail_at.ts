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
}

/**
 * Opens the trail wherever the settings put it, also beside programs that append to it, and makes it if it is to be
 * appended to and there is none. Only the driver that it takes is loaded. The folder must exist.
 *
 * @throws {TrailUnavailableError} when it cannot be opened, or is not there
 */
export async function openTrailAt(
  { dataDir, databaseUrl }: TrailPlace,
  { readonly = false, unchecked = false, inThread = false }: OpenTrailAtOptions = {},
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
  return openSqliteTrail(path, { readonly, unchecked, inThread });
}
