import type Database from "better-sqlite3";
import type { CheckpointsFilter } from "../store.ts";
import type { StoredCheckpoint } from "../stored.ts";

/** How many notes are read at a time. */
const PAGE_ROWS = 500;

/** The signed notes beside `checkpoint` records. */
export class CheckpointRows {
  readonly #select: Database.Statement<[number, number], StoredCheckpoint>;
  readonly #selectNewest: Database.Statement<[number, number], StoredCheckpoint>;
  readonly #update: Database.Statement<[string, number]>;

  constructor(db: Database.Database) {
    const select = "SELECT seq, note FROM checkpoints WHERE seq";
    this.#select = db.prepare(`${select} > ? ORDER BY seq LIMIT ?`);
    this.#selectNewest = db.prepare(`${select} < ? ORDER BY seq DESC LIMIT ?`);
    this.#update = db.prepare("UPDATE checkpoints SET note = ? WHERE seq = ?");
  }

  /** Pages of checkpoints in the filter's order. */
  *pages({ newestFirst = false, limit }: CheckpointsFilter): Generator<readonly StoredCheckpoint[]> {
    let left = limit ?? Number.POSITIVE_INFINITY;
    let last = newestFirst ? Number.MAX_SAFE_INTEGER : -1;
    while (left > 0) {
      const rows = (newestFirst ? this.#selectNewest : this.#select).all(last, Math.min(PAGE_ROWS, left));
      if (rows.length === 0) return;
      yield rows;
      left -= rows.length;
      last = rows.at(-1)?.seq ?? last;
    }
  }

  replace(seq: number, note: string): void {
    this.#update.run(note, seq);
  }
}
