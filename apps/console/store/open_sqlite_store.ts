import { rawDatabase } from "@countersign/trail/sqlite";
import type Database from "better-sqlite3";
import type { ConsoleStore } from "./console_store.ts";
import { consoleSchema, SqlConsoleStore, type SqlDatabase } from "./sql_console_store.ts";

/** How long somebody waits for another process that writes, in milliseconds. */
const BUSY_MS = 5_000;

/**
 * Opens the console's store in an SQLite file, which is made if there is none; several processes may have it open. The
 * folder must exist, and be closed to others.
 *
 * @throws {Error} of SQLite, when it cannot be opened
 */
export function openSqliteStore(path: string): ConsoleStore {
  const db = rawDatabase(path, { timeout: BUSY_MS });
  db.pragma("journal_mode = WAL");
  db.pragma("synchronous = NORMAL");
  // What was deleted is gone.
  db.pragma("secure_delete = ON");
  db.exec(consoleSchema({ integer: "INTEGER", options: " STRICT, WITHOUT ROWID" }));
  return new SqlConsoleStore(new SqliteDatabase(db));
}

class SqliteDatabase implements SqlDatabase {
  readonly #db: Database.Database;
  readonly #statements = new Map<string, Database.Statement<[object], object>>();

  constructor(db: Database.Database) {
    this.#db = db;
  }

  async run(sql: string, values: readonly (string | number)[]): Promise<readonly object[]> {
    const statement =
      this.#statements.get(sql) ?? this.#db.prepare<[object], object>(sql.replaceAll(/\$(\d+)/g, "?$1"));
    this.#statements.set(sql, statement);
    // Numbered ones are named by their numbers.
    const named = Object.fromEntries(values.map((value, index) => [index + 1, value]));
    if (statement.reader) return statement.all(named);
    statement.run(named);
    return [];
  }

  async close(): Promise<void> {
    this.#db.close();
  }
}
