import type pg from "pg";

/** A session that is lent out. */
export type Session = pg.PoolClient;

/**
 * Reads in one moment: everything is seen as it was when the first statement ran.
 *
 * @throws what `read` throws; then the session is closed
 */
export async function inSnapshot<T>(pool: pg.Pool, read: (session: Session) => Promise<T>): Promise<T> {
  const session = await pool.connect();
  try {
    await session.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    const result = await read(session);
    await session.query("COMMIT");
    session.release();
    return result;
  } catch (error) {
    session.release(true);
    throw error;
  }
}
