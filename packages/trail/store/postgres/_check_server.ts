import type pg from "pg";
import { lastingSettings } from "./_session.ts";

/** Of what there is to check, the first release that is still maintained. */
const MIN_VERSION = 150_000;

/** What of the server a trail depends on. */
interface ServerRow {
  readonly version: number;
  readonly version_text: string;
  readonly encoding: string;
  readonly fsync: string;
  readonly read_only: string;
  readonly standby: boolean;
  readonly unlogged: string | null;
}

/**
 * Checks that what the server says is written is on disk, and that the session is set as it was asked to be: a pooler in
 * between may have dropped that.
 *
 * @throws {Error} that names the setting
 */
export async function checkServer(
  pool: pg.Pool,
  { readonly }: { readonly readonly: boolean },
): Promise<void> {
  const { rows } = await pool.query<ServerRow>(
    `SELECT current_setting('server_version_num')::int AS version, current_setting('server_version') AS version_text,
            current_setting('server_encoding') AS encoding, current_setting('fsync') AS fsync,
            current_setting('transaction_read_only') AS read_only, pg_is_in_recovery() AS standby,
            (SELECT min(relname) FROM pg_class WHERE relnamespace = to_regnamespace('countersign')
             AND relkind = 'r' AND relpersistence <> 'p') AS unlogged`,
  );
  const [server] = rows;
  if (server === undefined) throw new Error("the server does not tell its settings");
  if (server.version < MIN_VERSION) {
    throw new Error(`PostgreSQL must be 15 or newer, got ${server.version_text}`);
  }
  require("server_encoding", "UTF8", server.encoding);
  await checkSession(pool, { readonly });
  if (readonly) return;
  require("fsync", "on", server.fsync);
  if (server.standby) {
    throw new Error("it is a standby, which takes no writes: name the primary in DATABASE_URL");
  }
  require("transaction_read_only", "off", server.read_only);
  if (server.unlogged !== null)
    throw new Error(`table "${server.unlogged}" must be LOGGED: a crash would empty it`);
}

/**
 * Checks that what is set in a session stays in it, and is another's in another. A pooler that lends a session out for a
 * transaction or a statement at a time mixes them up: timeouts, the search path and prepared statements get lost, or
 * belong to somebody else.
 */
async function checkSession(pool: pg.Pool, options: { readonly readonly: boolean }): Promise<void> {
  const sessions = await Promise.all([pool.connect(), pool.connect()]);
  try {
    for (let round = 0; round < ROUNDS; round++) {
      for (const [index, session] of sessions.entries()) {
        await session.query(`SET countersign.session = 's${index}'`);
      }
      for (const [index, session] of sessions.entries()) {
        const { rows } = await session.query<{ name: string }>(
          "SELECT current_setting('countersign.session', true) AS name",
        );
        if (rows[0]?.name !== `s${index}`) {
          throw new Error(
            "a pooler in between lends sessions out for a transaction at a time: set pool_mode = session for this database in PgBouncer, or connect to PostgreSQL itself",
          );
        }
      }
    }
    for (const session of sessions) await checkSettings(session, options);
  } finally {
    for (const session of sessions) session.release();
  }
}

/** A pooler that mixes sessions up may not do so the first time. */
const ROUNDS = 5;

async function checkSettings(session: pg.PoolClient, options: { readonly readonly: boolean }): Promise<void> {
  const wanted = lastingSettings(options);
  const { rows } = await session.query<{ name: string; setting: string }>(
    "SELECT name, setting FROM pg_settings WHERE name = ANY ($1)",
    [wanted.map(([name]) => name)],
  );
  const found = new Map(rows.map(({ name, setting }) => [name, setting.replace(/,\s*/g, ", ")]));
  for (const [name, value] of wanted) require(name, value, found.get(name) ?? "");
}

function require(name: string, wanted: string, actual: string): void {
  if (actual !== wanted) throw new Error(`${name} must be "${wanted}", got "${actual}"`);
}
