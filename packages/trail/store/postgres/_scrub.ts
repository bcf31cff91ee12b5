import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { TrailUnavailableError } from "../trail_unavailable_error.ts";
import type { Session } from "./_in_snapshot.ts";

/** For how long others that read the tables, or hold an old snapshot, are waited for. */
const PATIENCE_MS = 15_000;
const RETRY_MS = 500;

/** A large table takes its time. */
const REWRITE_MS = 60 * 60_000;

/** What holds values that can be erased, or that tell of whom a record is. */
const TABLES = ["sealed", "recipients"] as const;

/** SQLSTATE of `insufficient_privilege`. */
const NO_RIGHT = "42501";

/**
 * Writes the tables that held what was erased anew, without it, lets the old files go, and closes the write-ahead log
 * up to here, so that the server removes or reuses the segments that hold it. Appends wait meanwhile.
 *
 * What the server keeps elsewhere is its operator's: reused segments until they are overwritten (`wal_recycle`), archived
 * ones, standbys' copies, backups.
 *
 * @throws {TrailUnavailableError} when another session keeps it from that, or the role may not do all of it
 */
export async function scrub(pool: pg.Pool): Promise<void> {
  const session = await pool.connect();
  try {
    await session.query(`SET lock_timeout = ${PATIENCE_MS}; SET statement_timeout = ${REWRITE_MS}`);
    const giveUpAt = Date.now() + PATIENCE_MS;
    for (const table of TABLES) {
      while ((await rewrite(session, table)) > 0) {
        if (Date.now() >= giveUpAt) {
          throw new TrailUnavailableError(
            "Cannot overwrite what was erased: another session of the database holds an old snapshot",
          );
        }
        await sleep(RETRY_MS);
      }
    }
    await closeLog(session);
  } finally {
    // Its timeouts are not the usual ones.
    session.release(true);
  }
}

/**
 * Writes a table anew; returns how many dead rows had to stay, since somebody may still see them.
 *
 * @throws {TrailUnavailableError} when the role may not: the server only warns, and leaves the table as it is
 */
async function rewrite(session: Session, table: (typeof TABLES)[number]): Promise<number> {
  const before = await fileOf(session, table);
  let dead = 0;
  const onNotice = ({ detail }: { readonly detail?: string | undefined }) => {
    // "3 dead row versions cannot be removed yet." in whatever language the server speaks.
    dead += Number(/^\s*(\d+)/.exec(detail ?? "")?.[1] ?? 0);
  };
  session.on("notice", onNotice);
  try {
    await session.query({
      text: `VACUUM (FULL, VERBOSE) ${table}`,
      query_timeout: REWRITE_MS,
    } as pg.QueryConfig);
  } finally {
    session.off("notice", onNotice);
  }
  if ((await fileOf(session, table)) === before) {
    throw new TrailUnavailableError(
      `Cannot overwrite what was erased: the role may not write table "${table}" anew; have the trail's owner run "countersign audit migrate --scrub"`,
    );
  }
  return dead;
}

/** A table that was written anew is in another file. */
async function fileOf(session: Session, table: (typeof TABLES)[number]): Promise<unknown> {
  const { rows } = await session.query<{ file: unknown }>(
    "SELECT pg_relation_filenode($1::regclass) AS file",
    [table],
  );
  return rows[0]?.file;
}

async function closeLog(session: Session): Promise<void> {
  try {
    await session.query("SELECT pg_switch_wal()");
    await session.query("CHECKPOINT");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === NO_RIGHT)) throw error;
    throw new TrailUnavailableError(
      "Cannot overwrite what was erased everywhere: the tables are free of it, and the write-ahead log is not, until the server reuses it; to let that be done here, grant the role EXECUTE on pg_switch_wal() and pg_checkpoint",
    );
  }
}
