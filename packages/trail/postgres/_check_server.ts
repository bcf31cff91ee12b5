import type pg from "pg";

/** Of what there is to check, the first release that is still maintained. */
const MIN_VERSION = 150_000;

/** What of the server a trail depends on. */
interface ServerRow {
  readonly version: number;
  readonly version_text: string;
  readonly encoding: string;
  readonly fsync: string;
  readonly synchronous_commit: string;
  readonly search_path: string;
  readonly read_only: string;
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
            current_setting('synchronous_commit') AS synchronous_commit, current_setting('search_path') AS search_path,
            current_setting('transaction_read_only') AS read_only,
            (SELECT min(relname) FROM pg_class WHERE relnamespace = to_regnamespace('countersign')
             AND relkind = 'r' AND relpersistence <> 'p') AS unlogged`,
  );
  const [server] = rows;
  if (server === undefined) throw new Error("the server does not tell its settings");
  if (server.version < MIN_VERSION) {
    throw new Error(`PostgreSQL must be 15 or newer, got ${server.version_text}`);
  }
  require("server_encoding", "UTF8", server.encoding);
  require("search_path", "countersign, pg_temp", server.search_path.replace(/,\s*/g, ", "));
  if (readonly) return;
  require("fsync", "on", server.fsync);
  require("synchronous_commit", "on", server.synchronous_commit);
  require("transaction_read_only", "off", server.read_only);
  if (server.unlogged !== null)
    throw new Error(`table "${server.unlogged}" must be LOGGED: a crash would empty it`);
}

function require(name: string, wanted: string, actual: string): void {
  if (actual !== wanted) throw new Error(`${name} must be "${wanted}", got "${actual}"`);
}
