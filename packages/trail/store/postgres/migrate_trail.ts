import pg from "pg";
import { TrailUnavailableError } from "../trail_unavailable_error.ts";
import { createPool } from "./_create_pool.ts";
import { versionOf } from "./_migrate.ts";
import { REWRITTEN, SERVING_GRANTS } from "./_serving_grants.ts";
import { messageOf, unavailable } from "./_unavailable.ts";
import { openPostgresTrail } from "./open_trail.ts";

/** The first release with the privilege MAINTAIN. */
const MAINTAIN_FROM = 170_000;

/** What bringing a trail up to date did. */
export interface MigratedTrail {
  /** Of the trail before; undefined: it was made. */
  readonly from: number | undefined;
  readonly to: number;
  /** Whether the server lets the other role write anew what held what was erased; undefined: no role was named. */
  readonly canScrub: boolean | undefined;
}

/** Who is to serve. */
export interface MigrateTrailOptions {
  /** A role that does not own the trail: it is given what it needs to append, and nothing else of the trail. */
  readonly serveAs?: string | undefined;
}

/**
 * Makes the trail, or brings it to this version, as the role that is to own it, so that those that serve need not.
 *
 * @throws {TrailUnavailableError} that does not show the URL, when that cannot be done, or the role could do more anyway
 */
export async function migratePostgresTrail(
  url: string,
  { serveAs }: MigrateTrailOptions = {},
): Promise<MigratedTrail> {
  return withPool(url, async (pool) => {
    const from = await versionOf(pool);
    await (await openPostgresTrail(url)).close();
    const to = (await versionOf(pool)) ?? 0;
    return { from, to, canScrub: serveAs === undefined ? undefined : await grant(pool, serveAs) };
  });
}

async function withPool<T>(url: string, work: (pool: pg.Pool) => Promise<T>): Promise<T> {
  let pool: pg.Pool | undefined;
  try {
    pool = createPool(url, { readonly: false, max: 1 });
    return await work(pool);
  } catch (error) {
    if (error instanceof TrailUnavailableError) throw error;
    const { cause } = unavailable("migrate", error);
    throw new TrailUnavailableError(`Cannot migrate the trail in PostgreSQL: ${messageOf(error)}`, { cause });
  } finally {
    await pool?.end();
  }
}

/** In one transaction, so that a gateway that serves meanwhile is never without. */
async function grant(pool: pg.Pool, role: string): Promise<boolean> {
  const { rows } = await pool.query<{ version: number; super: boolean; owns: boolean }>(
    `SELECT current_setting('server_version_num')::int AS version, rolsuper AS super,
            pg_has_role(r.oid, c.relowner, 'MEMBER') AS owns
     FROM pg_roles r, pg_class c WHERE r.rolname = $1 AND c.oid = 'countersign.records'::regclass`,
    [role],
  );
  const [found] = rows;
  if (found === undefined) throw new Error(`there is no role "${role}": make it, then run this again`);
  if (found.super) throw new Error(`role "${role}" must be no superuser: grants do not hold one back`);
  if (found.owns) {
    throw new Error(
      `role "${role}" must not be the trail's owner, nor a member of it: it could change records`,
    );
  }
  const canScrub = found.version >= MAINTAIN_FROM;
  const to = pg.escapeIdentifier(role);
  const grants = Object.entries(SERVING_GRANTS).map(
    ([table, rights]) => `GRANT ${rights} ON countersign.${table} TO ${to}`,
  );
  await pool.query(
    [
      "BEGIN",
      `REVOKE ALL ON SCHEMA countersign FROM ${to}`,
      `REVOKE ALL ON ALL TABLES IN SCHEMA countersign FROM ${to}`,
      `GRANT USAGE ON SCHEMA countersign TO ${to}`,
      ...grants,
      ...(canScrub ? REWRITTEN.map((table) => `GRANT MAINTAIN ON countersign.${table} TO ${to}`) : []),
      `GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA countersign TO ${to}`,
      "COMMIT",
    ].join("; "),
  );
  return canScrub;
}
