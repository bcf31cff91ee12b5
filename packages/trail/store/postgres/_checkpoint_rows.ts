import type pg from "pg";
import type { CheckpointsFilter } from "../store.ts";
import type { StoredCheckpoint } from "../stored.ts";

/** How many notes are read at a time. */
const PAGE_ROWS = 500;

/** Pages of the signed notes beside `checkpoint` records, in the filter's order. */
export async function* checkpointPages(
  pool: pg.Pool,
  { newestFirst = false, limit }: CheckpointsFilter,
): AsyncGenerator<readonly StoredCheckpoint[]> {
  let left = limit ?? Number.POSITIVE_INFINITY;
  let last = newestFirst ? Number.MAX_SAFE_INTEGER : -1;
  const order = newestFirst ? "seq < $1 ORDER BY seq DESC" : "seq > $1 ORDER BY seq";
  while (left > 0) {
    const { rows } = await pool.query<StoredCheckpoint>(
      `SELECT seq, note FROM checkpoints WHERE ${order} LIMIT $2`,
      [last, Math.min(PAGE_ROWS, left)],
    );
    if (rows.length === 0) return;
    yield rows;
    left -= rows.length;
    last = rows.at(-1)?.seq ?? last;
  }
}

/** Keeps another note beside a checkpoint's record, if there is one. */
export async function replaceNote(pool: pg.Pool, seq: number, note: string): Promise<void> {
  await pool.query("UPDATE checkpoints SET note = $1 WHERE seq = $2", [note, seq]);
}
