import { closeSync, constants, openSync } from "node:fs";
import { resolve } from "node:path";
import type Database from "better-sqlite3";
import type { MigrationProgress } from "./_keep_in_few_bytes.ts";
import { APPLICATION_ID, checkVersion, migrate } from "./_migrate.ts";
import { rawDatabase } from "./raw_database.ts";

/** What every connection is set to, and reads back: SQLite passes over a setting that it does not know. */
const PRAGMAS: Readonly<Record<string, number>> = {
  // FULL. On a WAL file it would be NORMAL: a power cut then loses commits that were answered.
  synchronous: 2,
  // Where fsync does not reach the platter (macOS).
  fullfsync: 1,
  checkpoint_fullfsync: 1,
  foreign_keys: 1,
  // What is erased is overwritten.
  secure_delete: 1,
  // In pages. Pages that many commits change are written back once.
  wal_autocheckpoint: 8_000,
  // KiB, below zero, for each connection. With eight times as much nothing is faster: the system keeps the file in memory.
  cache_size: -8_000,
};

/** How a database is opened. */
export interface OpenDatabaseOptions {
  readonly readonly: boolean;
  /** For how long another process' lock is waited for, in milliseconds. */
  readonly busyTimeoutMs: number;
  /** Is told how far it is with bringing a trail of an earlier version up to date, which takes a minute for a few million records. */
  readonly onMigrate?: MigrationProgress | undefined;
}

/**
 * Opens a trail's database, makes it if there is none, and brings it to this version.
 *
 * @throws {Error} when it is no trail's, newer than this program, or cannot be set to be durable
 */
export function openDatabase(
  path: string,
  { readonly, busyTimeoutMs, onMigrate }: OpenDatabaseOptions,
): Database.Database {
  const file = resolve(path);
  // SQLite gives its -wal and -shm files the mode of the database.
  if (!readonly) closeSync(openSync(file, constants.O_RDWR | constants.O_CREAT, 0o600));
  const db = rawDatabase(file, { readonly, fileMustExist: true, timeout: busyTimeoutMs });
  try {
    for (const [name, value] of Object.entries(PRAGMAS)) setPragma(db, name, value);
    checkApplication(db);
    if (!readonly) {
      setPragma(db, "journal_mode", "wal");
      migrate(db, onMigrate);
    }
    checkVersion(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function setPragma(db: Database.Database, name: string, value: number | string): void {
  db.pragma(`${name} = ${value}`);
  const actual = db.pragma(name, { simple: true });
  if (actual !== value) throw new Error(`PRAGMA ${name} must be ${value}, got ${actual}`);
}

function checkApplication(db: Database.Database): void {
  const id = db.pragma("application_id", { simple: true });
  const isEmpty = db.prepare("SELECT count(*) FROM sqlite_schema").pluck().get() === 0;
  if (id !== APPLICATION_ID && !(id === 0 && isEmpty)) throw new Error("it is no trail's database");
}
