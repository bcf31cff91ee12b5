import { setImmediate as nextTick, setTimeout as sleep } from "node:timers/promises";
import { type PreparedEntry, prepareEntry } from "./prepare_entry.ts";
import type { Appended, AppendResult, SureEntry, WantingEntry } from "./store.ts";

/** What a commit takes at most, so that others get their turn and a page of memory is enough. */
const MAX_BATCH = 256;
const MAX_BATCH_BYTES = 8 * 1024 * 1024;

/** Writes entries in order in one durable commit. When it throws, none of them may count as appended. */
export type WriteBatch = (
  batch: readonly PreparedEntry[],
) => readonly AppendResult[] | Promise<readonly AppendResult[]>;

/** How what cannot be written at the moment is tried again. */
export interface AppendQueueOptions {
  /** For how long an entry may wait, in milliseconds; default 0: it is tried once. */
  readonly patienceMs?: number;
  /** Whether a batch may succeed later, after this error. */
  readonly isPassing?: (error: unknown) => boolean;
}

/** Between two tries, in milliseconds: twice as long each time. */
const FIRST_REST_MS = 10;
const LONGEST_REST_MS = 250;

interface Waiting {
  readonly prepared: PreparedEntry;
  /** Of the monotonic clock: from then on it is not tried again. */
  readonly deadline: number;
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: unknown) => void;
}

/** Lets concurrent appends share commits, in the order of their calls. */
export class AppendQueue {
  readonly #write: WriteBatch;
  readonly #patienceMs: number;
  readonly #isPassing: (error: unknown) => boolean;
  #restMs = FIRST_REST_MS;
  #queue: Waiting[] = [];
  #flushing: Promise<void> | undefined;
  #unanswered = 0;

  constructor(write: WriteBatch, { patienceMs = 0, isPassing = () => false }: AppendQueueOptions = {}) {
    this.#write = write;
    this.#patienceMs = patienceMs;
    this.#isPassing = isPassing;
  }

  /** Like `tryAppend`, for what cannot be refused. */
  async append(entry: SureEntry): Promise<Appended> {
    const result = await this.tryAppend(entry);
    if (!result.ok) throw new Error("Cannot append an entry that claims nothing: the store refused a claim");
    return result;
  }

  /** Resolves when the entry's batch is written; rejects with what `WriteBatch` threw. */
  async tryAppend(entry: WantingEntry): Promise<AppendResult> {
    this.#unanswered++;
    try {
      const prepared = await prepareEntry(entry);
      return await new Promise((resolve, reject) => {
        const deadline = performance.now() + this.#patienceMs;
        this.#queue.push({ prepared, deadline, resolve, reject });
        this.#flushing ??= this.#flush();
      });
    } finally {
      this.#unanswered--;
    }
  }

  /** Resolves when every append is answered. */
  async idle(): Promise<void> {
    while (this.#unanswered > 0) await (this.#restMs > FIRST_REST_MS ? sleep(FIRST_REST_MS) : nextTick());
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
      this.#restMs = FIRST_REST_MS;
      for (const [index, { resolve }] of batch.entries()) resolve(results[index] as AppendResult);
    } catch (error) {
      const now = performance.now();
      const isOver = ({ deadline }: Waiting) => deadline <= now || !this.#isPassing(error);
      for (const waiting of batch) if (isOver(waiting)) waiting.reject(error);
      const left = batch.filter((waiting) => !isOver(waiting));
      if (left.length === 0) return;
      // In their order, before those that came in the meantime.
      this.#queue.unshift(...left);
      const rest = Math.min(this.#restMs, Math.max(0, ...left.map(({ deadline }) => deadline - now)));
      this.#restMs = Math.min(LONGEST_REST_MS, 2 * this.#restMs);
      await sleep(rest);
    }
  }
}
