import type Database from "better-sqlite3";
import type { MigrationProgress } from "./_keep_in_few_bytes.ts";
import { MIGRATIONS, takeStep } from "./migrations.ts";

/** `PRAGMA application_id` of a trail: "CSTR". */
export const APPLICATION_ID = 0x43535452;

/** @throws {Error} when it is of another version than this program's */
export function checkVersion(db: Database.Database): void {
  const version = versionOf(db);
  if (version !== MIGRATIONS.length) {
    throw new Error(`its version must be ${MIGRATIONS.length}, got ${version}${hintAt(version)}`);
  }
}

function hintAt(version: number): string {
  return version > MIGRATIONS.length
    ? ": update this program"
    : ": start the gateway, which brings it up to date";
}

/** Brings the database to this program's version, if it is older: all of it, or nothing. */
export function migrate(db: Database.Database, progress?: MigrationProgress): void {
  if (versionOf(db) >= MIGRATIONS.length) return;
  db.transaction(() => {
    // Another process may have done it since.
    for (const step of MIGRATIONS.slice(versionOf(db))) takeStep(db, step, progress);
    db.pragma(`user_version = ${MIGRATIONS.length}`);
    db.pragma(`application_id = ${APPLICATION_ID}`);
  }).immediate();
}

function versionOf(db: Database.Database): number {
  return Number(db.pragma("user_version", { simple: true }));
}
