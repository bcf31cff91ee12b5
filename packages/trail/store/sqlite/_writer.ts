import type Database from "better-sqlite3";
import { BatchWriter } from "./_batch_writer.ts";
import { CheckpointRows } from "./_checkpoint_rows.ts";
import type { Order, Written } from "./_order.ts";

/** All that changes a trail's database. Each call is over before the next one begins. */
export interface Writer {
  /** Writes records in order in one durable commit; after an error nothing of it is there, unless that says otherwise. */
  append(orders: readonly Order[]): Outcome<readonly Written[]>;
  /** Keeps another note beside a checkpoint's record, if there is one. */
  replaceNote(seq: number, note: string): Outcome<void>;
  /** Writes the write-ahead log back into the database, and empties it; false: somebody reads from it. */
  emptyLog(): Outcome<boolean>;
  close(): Outcome<void>;
}

type Outcome<T> = T | Promise<T>;

/** Writes by its own hand: whoever calls waits for the disk. */
export class OwnWriter implements Writer {
  readonly #db: Database.Database;
  #batches: BatchWriter | undefined;
  #checkpoints: CheckpointRows | undefined;

  /** Takes the database over. */
  constructor(db: Database.Database) {
    this.#db = db;
  }

  append(orders: readonly Order[]): readonly Written[] {
    this.#batches ??= new BatchWriter(this.#db);
    return this.#batches.write(orders);
  }

  replaceNote(seq: number, note: string): void {
    this.#checkpoints ??= new CheckpointRows(this.#db);
    this.#checkpoints.replace(seq, note);
  }

  emptyLog(): boolean {
    const [result] = this.#db.pragma("wal_checkpoint(TRUNCATE)") as { readonly busy: number }[];
    return result?.busy === 0;
  }

  close(): void {
    this.#db.close();
  }
}
