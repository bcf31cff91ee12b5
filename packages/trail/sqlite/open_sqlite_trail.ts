import type Database from "better-sqlite3";
import type { TrailStore } from "../store.ts";
import { TrailUnavailableError } from "../trail_unavailable_error.ts";
import { leafHash, rangeFrontier } from "../tree/mod.ts";
import { openDatabase } from "./_open_database.ts";
import { SqliteTrail } from "./_sqlite_trail.ts";
import { TreeTable } from "./_tree_table.ts";

/** How to open a trail in SQLite. */
export interface OpenSqliteTrailOptions {
  /** To read beside a program that appends. A trail that was tampered with opens too, to be looked at and verified. */
  readonly readonly?: boolean;
  /** For how long another process' commit is waited for, in milliseconds; default 5,000. */
  readonly busyTimeoutMs?: number;
}

/**
 * Opens the trail in an SQLite file, and makes it, readable by its owner alone, if there is none. The folder must exist.
 *
 * @throws {TrailUnavailableError} when it is no trail, newer than this program, cannot be written durably, or, if it is
 * to be appended to, its head is not that of its last records
 */
export async function openSqliteTrail(
  path: string,
  options: OpenSqliteTrailOptions = {},
): Promise<TrailStore> {
  const { readonly = false, busyTimeoutMs = 5_000 } = options;
  let db: Database.Database | undefined;
  try {
    db = openDatabase(path, { readonly, busyTimeoutMs });
    if (!readonly) await checkHead(db);
    return new SqliteTrail(db);
  } catch (cause) {
    db?.close();
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TrailUnavailableError(`Cannot open trail "${path}": ${why}`, { cause });
  }
}

/** Whether appending can go on from the head: what it says is what the last records and the stored nodes make. */
async function checkHead(db: Database.Database): Promise<void> {
  const tree = new TreeTable(db);
  // One moment, although another process appends.
  db.exec("BEGIN");
  const { size, frontier } = tree.head();
  const last = db
    .prepare<[], { seq: number; json: string; leaf: Uint8Array }>(
      "SELECT seq, json, leaf FROM records ORDER BY seq DESC LIMIT 1",
    )
    .get();
  const next = (last?.seq ?? -1) + 1;
  if (next !== size) throw new Error(`its head must be of size ${next}, got ${size}; run audit verify`);
  tree.frontier();
  if (last !== undefined && Buffer.compare(leafHash(last.json), last.leaf) !== 0) {
    throw new Error(`record ${last.seq} does not hash to its leaf; run audit verify`);
  }
  const wanted = Buffer.concat(await rangeFrontier(0, size, tree));
  if (Buffer.compare(wanted, frontier) !== 0) {
    throw new Error("its head is not that of its last records; run audit verify");
  }
  db.exec("COMMIT");
}
