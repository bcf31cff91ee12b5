import { createPool } from "@countersign/trail/postgres";
import type { ConsoleStore } from "./console_store.ts";
import { consoleSchema, SqlConsoleStore, type SqlDatabase } from "./sql_console_store.ts";

/** Where its tables are: beside the trail's, if both are in one database, and only the console's role may see them. */
const SCHEMA = "countersign_console";

/** What several consoles that begin at once wait for each other on. */
const LOCK = 0x636f6e73;

/** A page asks a few times, one after the other. */
const SESSIONS = 5;

/** A store that several consoles share. */
export interface SharedConsoleStore {
  readonly store: ConsoleStore;
  /** The private key, in PEM, with which all consoles on this store sign: the one offered, if there was none. */
  agreeOnKey(offered: () => string): Promise<string>;
}

/**
 * Opens the console's store in a PostgreSQL database, in the schema "countersign_console", and makes what is missing. Any
 * number of consoles have it open. The URL is in no error.
 *
 * @throws {Error} when the database cannot be used
 */
export async function openPostgresStore(url: string): Promise<SharedConsoleStore> {
  const pool = createPool(url, {
    readonly: false,
    max: SESSIONS,
    schema: SCHEMA,
    variable: "CONSOLE_DATABASE_URL",
  });
  try {
    await inTransaction(pool, async (client) => {
      // Whoever was given the schema need not be allowed to make one.
      const { rows } = await client.query<{ there: boolean }>(
        `SELECT to_regnamespace('${SCHEMA}') IS NOT NULL AS there`,
      );
      if (rows[0]?.there !== true) await client.query(`CREATE SCHEMA ${SCHEMA}`);
      await client.query(consoleSchema({ integer: "BIGINT", options: "" }));
      await client.query(
        "CREATE TABLE IF NOT EXISTS signing_key (id BIGINT PRIMARY KEY CHECK (id = 1), pem TEXT NOT NULL)",
      );
    });
  } catch (error) {
    await pool.end();
    const why = error instanceof AggregateError ? error.errors[0] : error;
    throw new Error(
      `Cannot use the database of CONSOLE_DATABASE_URL: ${why instanceof Error ? why.message : String(why)}`,
    );
  }
  const db: SqlDatabase = {
    run: async (sql, values) => (await pool.query<object>(sql, [...values])).rows,
    close: () => pool.end(),
  };
  return {
    store: new SqlConsoleStore(db),
    agreeOnKey: (offered) =>
      inTransaction(pool, async (client) => {
        const find = async () => (await client.query<{ pem: string }>("SELECT pem FROM signing_key")).rows[0];
        const found = await find();
        if (found !== undefined) return found.pem;
        const pem = offered();
        await client.query("INSERT INTO signing_key (id, pem) VALUES (1, $1)", [pem]);
        return pem;
      }),
  };
}

type Pool = ReturnType<typeof createPool>;
type Client = Pick<Pool, "query">;

/** One console at a time. */
async function inTransaction<T>(pool: Pool, work: (client: Client) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    await client.query("SELECT pg_advisory_xact_lock($1)", [LOCK]);
    const result = await work(client);
    await client.query("COMMIT");
    client.release();
    return result;
  } catch (error) {
    // The session ends, and its transaction with it.
    client.release(true);
    throw error;
  }
}
