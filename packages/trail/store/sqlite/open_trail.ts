import type Database from "better-sqlite3";
import { leafHash, rangeFrontier, STORED_LEVELS } from "../../tree/mod.ts";
import { MAX_SEALED } from "../max_sealed.ts";
import type { TrailStore } from "../store.ts";
import { TrailUnavailableError } from "../trail_unavailable_error.ts";
import type { MigrationProgress } from "./_keep_in_few_bytes.ts";
import { schemaProblems } from "./_schema_problems.ts";
import { ThreadWriter } from "./_thread_writer.ts";
import { SqliteTrail, type SqliteTrailOptions } from "./_trail.ts";
import { TreeRows } from "./_tree_rows.ts";
import { openDatabase } from "./open_database.ts";
import { RecordReader, type RecordRow, recordColumns } from "./record_reader.ts";

/** Long enough for most commits of another process, and too short to be noticed; in milliseconds. */
const SHORT_MS = 5;

/** How to open a trail in SQLite. */
export interface OpenSqliteTrailOptions {
  /** To read beside a program that appends. A trail whose records were tampered with opens too, to be looked at. */
  readonly readonly?: boolean;
  /** To verify it, with `readonly`: whatever its schema is. Answers may then leave records out. */
  readonly unchecked?: boolean;
  /** Appends in a thread of its own, so that what else this process does never waits for the disk. It takes a start. */
  readonly inThread?: boolean;
  /** For how long another process' lock, or a full disk, is waited for, in milliseconds; default 5,000. */
  readonly busyTimeoutMs?: number;
  /** Is told how far it is with bringing a trail of an earlier version up to date. */
  readonly onMigrate?: MigrationProgress | undefined;
}

/**
 * Opens the trail in an SQLite file, and makes it, readable by its owner alone, if there is none. The folder must exist.
 *
 * @throws {TrailUnavailableError} when it is no trail, newer than this program, cannot be written durably, its schema was
 * changed, or, if it is to be appended to, its head is not that of its last records
 */
export async function openSqliteTrail(
  path: string,
  options: OpenSqliteTrailOptions = {},
): Promise<TrailStore> {
  const { readonly = false, unchecked = false, inThread = false, busyTimeoutMs = 5_000, onMigrate } = options;
  let db: Database.Database | undefined;
  try {
    db = openDatabase(path, { readonly, busyTimeoutMs, onMigrate });
    if (!(readonly && unchecked)) checkSchema(db);
    if (!readonly) await checkHead(db);
    // From here on nobody waits in SQLite, which stops everything else of this process: the trail tries again.
    db.pragma(`busy_timeout = ${Math.min(busyTimeoutMs, SHORT_MS)}`);
    const trail = { patienceMs: busyTimeoutMs };
    if (readonly || !inThread) return openTables(db, trail);
    db.pragma("query_only = 1");
    const writer = new ThreadWriter({ path: db.name, busyTimeoutMs: Math.min(busyTimeoutMs, SHORT_MS) });
    return new SqliteTrail(db, { ...trail, writer });
  } catch (cause) {
    db?.close();
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TrailUnavailableError(`Cannot open trail "${path}": ${why}`, { cause });
  }
}

/** @throws {Error} when a table is not there, or something else is in its place, which only an unchecked one can have */
function openTables(db: Database.Database, options: SqliteTrailOptions): SqliteTrail {
  try {
    return new SqliteTrail(db, options);
  } catch (error) {
    checkSchema(db);
    throw error;
  }
}

/** What is found through another schema may leave records out, and appending may do something else besides. */
function checkSchema(db: Database.Database): void {
  const [problem] = schemaProblems(db);
  if (problem === undefined) return;
  const message = problem.message.charAt(0).toLowerCase() + problem.message.slice(1);
  throw new Error(`${message}; keep a copy of it, and run countersign audit verify`);
}

/** Whether appending can go on from the head: what it says is what the last records and the stored nodes make. */
async function checkHead(db: Database.Database): Promise<void> {
  const tree = new TreeRows(db);
  // One moment, although another process appends.
  db.exec("BEGIN");
  const { size, frontier } = tree.head();
  const last = db
    .prepare<[], RecordRow>(`SELECT ${recordColumns("r")} FROM records r ORDER BY r.seq DESC LIMIT 1`)
    .raw()
    .get();
  const next = (last?.[6] ?? -1) + 1;
  if (next !== size) throw new Error(`its head must be of size ${next}, got ${size}; run audit verify`);
  tree.frontier();
  if (last !== undefined && !hashesToLeaf(last, new RecordReader(db))) {
    throw new Error(`record ${last[6]} does not hash to its leaf; run audit verify`);
  }
  const wanted = Buffer.concat(await rangeFrontier(0, size, tree));
  if (Buffer.compare(wanted, frontier) !== 0) {
    throw new Error("its head is not that of its last records; run audit verify");
  }
  checkAhead(db, size);
  checkIndexes(db, size);
  db.exec("COMMIT");
}

function hashesToLeaf(row: RecordRow, reader: RecordReader): boolean {
  try {
    return Buffer.compare(leafHash(reader.jsonOf(row)), Buffer.from(row[5], "hex")) === 0;
  } catch {
    return false;
  }
}

/** What lies where the next records and what belongs to them will come: it would keep them from being appended. */
function checkAhead(db: Database.Database, size: number): void {
  const ahead = STORED_LEVELS.slice(1).some((level) =>
    db.prepare("SELECT 1 FROM nodes WHERE level = ? AND idx >= ?").get(level, Math.floor(size / 2 ** level)),
  );
  const tables = ["recipients", "rules", "checkpoints"].filter((table) =>
    db.prepare(`SELECT 1 FROM ${table} WHERE seq >= ? LIMIT 1`).get(size),
  );
  if (db.prepare("SELECT 1 FROM sealed WHERE id >= ?").get(size * MAX_SEALED)) tables.push("sealed");
  if (ahead) tables.push("nodes");
  if (tables.length > 0) {
    throw new Error(`it has rows beyond its head, in ${tables.join(", ")}; run audit verify`);
  }
}

/** An index that leaves a record out hides a stopped mailbox. Counting its entries reads no record. */
function checkIndexes(db: Database.Database, size: number): void {
  for (const index of [
    "records_at",
    "records_kind",
    "records_team",
    "records_assistant",
    "records_receipt",
  ]) {
    // count(*) alone would be taken from any index.
    const count = db.prepare(`SELECT total(1) FROM records INDEXED BY ${index}`).pluck().get();
    if (count !== size)
      throw new Error(`its index "${index}" has ${count} of ${size} records; run audit verify`);
  }
}
