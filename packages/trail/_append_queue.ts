import { setImmediate as nextTick } from "node:timers/promises";
import { type PreparedEntry, prepareEntry } from "./_prepare_entry.ts";
import type { AppendResult, TrailEntry } from "./store.ts";

/** What a commit takes at most, so that others get their turn and a page of memory is enough. */
const MAX_BATCH = 256;
const MAX_BATCH_BYTES = 8 * 1024 * 1024;

/** Writes entries in order in one durable commit. When it throws, none of them may count as appended. */
export type WriteBatch = (
  batch: readonly PreparedEntry[],
) => readonly AppendResult[] | Promise<readonly AppendResult[]>;

interface Waiting {
  readonly prepared: PreparedEntry;
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: unknown) => void;
}

/** Lets concurrent appends share commits, in the order of their calls. */
export class AppendQueue {
  readonly #write: WriteBatch;
  #queue: Waiting[] = [];
  #flushing: Promise<void> | undefined;
  #unanswered = 0;

  constructor(write: WriteBatch) {
    this.#write = write;
  }

  /** Resolves when the entry's batch is written; rejects with what `WriteBatch` threw. */
  async append(entry: TrailEntry): Promise<AppendResult> {
    this.#unanswered++;
    try {
      const prepared = await prepareEntry(entry);
      return await new Promise((resolve, reject) => {
        this.#queue.push({ prepared, resolve, reject });
        this.#flushing ??= this.#flush();
      });
    } finally {
      this.#unanswered--;
    }
  }

  /** Resolves when every append is answered. */
  async idle(): Promise<void> {
    while (this.#unanswered > 0) await nextTick();
  }

  /** Writes what waits, batch after batch; each begins when the calls that came in the meantime have joined it. */
  async #flush(): Promise<void> {
    while (true) {
      await nextTick();
      const batch = this.#nextBatch();
      if (batch.length === 0) break;
      await this.#writeBatch(batch);
    }
    this.#flushing = undefined;
  }

  #nextBatch(): readonly Waiting[] {
    let [count, bytes] = [0, 0];
    for (const { prepared } of this.#queue) {
      bytes += prepared.bytes;
      if (count === MAX_BATCH || (count > 0 && bytes > MAX_BATCH_BYTES)) break;
      count++;
    }
    return this.#queue.splice(0, count);
  }

  async #writeBatch(batch: readonly Waiting[]): Promise<void> {
    try {
      const results = await this.#write(batch.map(({ prepared }) => prepared));
      for (const [index, { resolve }] of batch.entries()) resolve(results[index] as AppendResult);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
