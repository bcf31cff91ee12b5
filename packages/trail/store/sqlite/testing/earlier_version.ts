import { renameSync, rmSync } from "node:fs";
import type Database from "better-sqlite3";
import { MIGRATIONS } from "../migrations.ts";
import { unpackKey } from "../pack_key.ts";
import { rawDatabase } from "../raw_database.ts";
import { jsonOf } from "./tamper.ts";

/** Columns of names that are kept as bytes now. */
const KEYS: ReadonlySet<string> = new Set(["receipt", "counter", "key", "fingerprint"]);

/** Makes the trail in a file what the program of an earlier version (1 to 5) would have made of the same. */
export function toEarlierVersion(path: string, version: number): void {
  const now = rawDatabase(path);
  const earlier = rawDatabase(`${path}.earlier`);
  for (const step of MIGRATIONS.slice(0, version)) if (typeof step === "string") earlier.exec(step);
  earlier.exec("DELETE FROM head");
  const tables = namesIn(
    earlier,
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
  );
  for (const table of tables) {
    const columns = namesIn(earlier, `SELECT name FROM pragma_table_info('${table}')`);
    const list = columns.join(", ");
    const rows = now.prepare<[], Record<string, unknown>>(`SELECT ${list} FROM ${table}`).all();
    const insert = earlier.prepare(
      `INSERT INTO ${table} (${list}) VALUES (${columns.map(() => "?").join(", ")})`,
    );
    for (const row of rows) {
      insert.run(
        ...columns.map((name) => {
          if (table === "records" && name === "json") return jsonOf(now, Number(row.seq));
          return KEYS.has(name) ? unpackKey(row[name] as string | Uint8Array) : row[name];
        }),
      );
    }
  }
  earlier.pragma(`user_version = ${version}`);
  earlier.pragma(`application_id = ${now.pragma("application_id", { simple: true })}`);
  earlier.close();
  now.close();
  for (const end of ["", "-wal", "-shm"]) rmSync(path + end, { force: true });
  renameSync(`${path}.earlier`, path);
}

function namesIn(db: Database.Database, sql: string): readonly string[] {
  return db.prepare<[], string>(sql).pluck().all();
}
