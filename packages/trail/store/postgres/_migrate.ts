import type pg from "pg";
import { MIGRATIONS } from "./_migrations.ts";

/** Names the lock under which one gateway at a time brings the database up to date: "CSTR". */
const LOCK = 0x43535452;

/** Another gateway may be at it, on a large trail. */
const PATIENCE_MS = 10 * 60_000;

/**
 * Makes the schema "countersign" with an empty trail in it, or brings it to this version.
 *
 * @throws {Error} when what is there is no trail's, or newer than this program
 */
export async function migrate(pool: pg.Pool): Promise<void> {
  if ((await versionOf(pool)) === MIGRATIONS.length) return;
  const session = await pool.connect();
  try {
    await session.query(
      `BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
       SET LOCAL lock_timeout = ${PATIENCE_MS}; SET LOCAL statement_timeout = ${PATIENCE_MS};`,
    );
    await session.query({
      text: `SELECT pg_advisory_xact_lock(${LOCK})`,
      query_timeout: PATIENCE_MS,
    } as pg.QueryConfig);
    // Another gateway may have done it since.
    const version = await versionOf(session);
    if (version === undefined) {
      // A role that may not make schemas can be given one.
      const { rows } = await session.query("SELECT 1 WHERE to_regnamespace('countersign') IS NULL");
      if (rows.length > 0) await session.query("CREATE SCHEMA countersign");
      await session.query("CREATE TABLE trail (id int PRIMARY KEY CHECK (id = 1), version int NOT NULL)");
      await session.query("INSERT INTO trail VALUES (1, 0)");
    }
    for (const step of MIGRATIONS.slice(version ?? 0)) {
      await session.query({ text: step, query_timeout: PATIENCE_MS } as pg.QueryConfig);
    }
    if ((version ?? 0) < MIGRATIONS.length) {
      await session.query("UPDATE trail SET version = $1", [MIGRATIONS.length]);
    }
    await session.query("COMMIT");
    session.release();
  } catch (error) {
    session.release(true);
    throw error;
  }
}

/** @throws {Error} when the trail is not of this program's version, or there is none */
export async function checkVersion(pool: pg.Pool): Promise<void> {
  const version = await versionOf(pool);
  if (version === undefined)
    throw new Error("there is none in this database yet: start the gateway, which makes it");
  if (version !== MIGRATIONS.length) {
    const hint =
      version > MIGRATIONS.length ? "update this program" : "start the gateway, which brings it up to date";
    throw new Error(`its version must be ${MIGRATIONS.length}, got ${version}: ${hint}`);
  }
}

/**
 * Version of the trail in the database; undefined: there is none.
 *
 * @throws {Error} when what is there is no trail's
 */
export async function versionOf(from: pg.Pool | pg.PoolClient): Promise<number | undefined> {
  const { rows } = await from.query<{ trail: boolean; relations: number }>(
    `SELECT to_regclass('countersign.trail') IS NOT NULL AS trail,
            (SELECT count(*) FROM pg_class WHERE relnamespace = to_regnamespace('countersign')) AS relations`,
  );
  const [found] = rows;
  if (!found?.trail) {
    if (Number(found?.relations) > 0) throw new Error('the schema "countersign" is not a trail\'s');
    return undefined;
  }
  const versions = await from.query<{ version: number }>("SELECT version FROM countersign.trail");
  return versions.rows[0]?.version ?? 0;
}
