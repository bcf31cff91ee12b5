import { TrailUnavailableError } from "../trail_unavailable_error.ts";
import { createPool } from "./_create_pool.ts";
import { versionOf } from "./_migrate.ts";
import { messageOf, unavailable } from "./_unavailable.ts";

/** How a PostgreSQL server is set up, as far as a trail depends on it. */
export interface PostgresReport {
  /** `18.4` */
  readonly version: string;
  readonly user: string;
  readonly database: string;
  /** What keeps an answered commit: all but `fsync` can be right otherwise, on the file system for it. */
  readonly durability: Readonly<Record<"fsync" | "synchronous_commit" | "full_page_writes", string>>;
  /** It takes no writes. */
  readonly isStandby: boolean;
  readonly isEncrypted: boolean;
  /** It is reached by the network, beyond this machine. */
  readonly isRemote: boolean;
  /** How far its clock is ahead of this machine's, in milliseconds, within the latency. */
  readonly clockAheadMs: number;
  /** Version of the trail in it; undefined: there is none. */
  readonly trail: number | undefined;
  /** Of one statement; milliseconds, the least of a few. */
  readonly latencyMs: number;
}

interface Row extends Record<PostgresDurability, string> {
  readonly version: string;
  readonly user: string;
  readonly database: string;
  readonly standby: boolean;
  readonly encrypted: boolean | null;
  readonly remote: boolean | null;
  readonly now: number;
}

type PostgresDurability = keyof PostgresReport["durability"];

/** How often latency is measured. */
const ROUNDS = 5;

/**
 * Signs in and looks at the server, without changing anything. Errors say which `variable` led there.
 *
 * @throws {TrailUnavailableError} that does not show the URL, when that cannot be done
 */
export async function inspectPostgres(
  url: string,
  { variable = "DATABASE_URL" }: { readonly variable?: string } = {},
): Promise<PostgresReport> {
  try {
    const pool = createPool(url, { readonly: true, max: 1 });
    try {
      await pool.query("SELECT 1");
      let latencyMs = Number.POSITIVE_INFINITY;
      for (let round = 0; round < ROUNDS; round++) {
        const start = performance.now();
        await pool.query("SELECT 1");
        latencyMs = Math.min(latencyMs, performance.now() - start);
      }
      const { rows } = await pool.query<Row>(
        `SELECT current_setting('server_version') AS version, current_user AS user, current_database() AS database,
                current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS synchronous_commit,
                current_setting('full_page_writes') AS full_page_writes, pg_is_in_recovery() AS standby,
                (SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()) AS encrypted,
                NOT (inet_client_addr() <<= '127.0.0.0/8' OR inet_client_addr() = '::1') AS remote,
                (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now`,
      );
      const clockAheadMs = Number(rows[0]?.now) - Date.now();
      const [row] = rows;
      if (row === undefined) throw new Error("it does not tell its settings");
      const { version, user, database, fsync, synchronous_commit, full_page_writes } = row;
      return {
        ...{ version, user, database },
        durability: { fsync, synchronous_commit, full_page_writes },
        isStandby: row.standby,
        isEncrypted: row.encrypted ?? false,
        isRemote: row.remote ?? false,
        clockAheadMs,
        trail: await versionOf(pool),
        latencyMs,
      };
    } finally {
      await pool.end();
    }
  } catch (error) {
    const { cause } = unavailable("read", error);
    throw new TrailUnavailableError(`Cannot use the database of ${variable}: ${messageOf(error, variable)}`, {
      cause,
    });
  }
}
