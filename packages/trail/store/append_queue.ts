import { setImmediate as nextTick, setTimeout as sleep } from "node:timers/promises";
import { type PreparedEntry, prepareEntry } from "./prepare_entry.ts";
import type { Appended, AppendResult, SureEntry, WantingEntry } from "./store.ts";
import { TrailUnavailableError } from "./trail_unavailable_error.ts";

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
  /** How much may wait to be written; what comes when a disk is further behind is refused at once. Default: 256 MB. */
  readonly maxWaitingBytes?: number;
}

/** Between two tries, in milliseconds: twice as long each time. */
const FIRST_REST_MS = 10;
const LONGEST_REST_MS = 250;

/** How many callers are answered in one turn of the event loop: each goes on for a fraction of a millisecond. */
const ANSWERS_TOGETHER = 8;

/** Entries that go into one commit. */
interface Waiting {
  readonly prepared: readonly PreparedEntry[];
  readonly bytes: number;
  /** Of the monotonic clock: from then on it is not tried again. */
  readonly deadline: number;
  readonly resolve: (results: readonly AppendResult[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Lets concurrent appends share commits, in the order of their calls. */
export class AppendQueue {
  readonly #write: WriteBatch;
  readonly #patienceMs: number;
  readonly #isPassing: (error: unknown) => boolean;
  readonly #maxWaitingBytes: number;
  #restMs = FIRST_REST_MS;
  #queue: Waiting[] = [];
  #flushing: Promise<void> | undefined;
  #unanswered = 0;
  #waitingBytes = 0;

  constructor(
    write: WriteBatch,
    { patienceMs = 0, isPassing = () => false, maxWaitingBytes = 256 * 1024 * 1024 }: AppendQueueOptions = {},
  ) {
    this.#write = write;
    this.#maxWaitingBytes = maxWaitingBytes;
    this.#patienceMs = patienceMs;
    this.#isPassing = isPassing;
  }

  /** Like `appendAll`, of one entry. */
  async append(entry: SureEntry): Promise<Appended> {
    const [appended] = await this.appendAll([entry]);
    return appended as Appended;
  }

  /** Like `tryAppend`, for what cannot be refused, and goes into one batch. */
  async appendAll(entries: readonly SureEntry[]): Promise<readonly Appended[]> {
    if (entries.length === 0) return [];
    const results = await this.#append(entries);
    if (!results.every((result) => result.ok)) {
      throw new Error("Cannot append an entry that claims nothing: the store refused a claim");
    }
    return results;
  }

  /** Resolves when the entry's batch is written; rejects with what `WriteBatch` threw. */
  async tryAppend(entry: WantingEntry): Promise<AppendResult> {
    const [result] = await this.#append([entry]);
    return result as AppendResult;
  }

  /** Like `tryAppend` of each, in one batch. */
  async tryAppendAll(entries: readonly WantingEntry[]): Promise<readonly AppendResult[]> {
    return entries.length === 0 ? [] : this.#append(entries);
  }

  async #append(entries: readonly WantingEntry[]): Promise<readonly AppendResult[]> {
    this.#unanswered++;
    try {
      const preparing = entries.map(prepareEntry);
      const isPrepared = preparing.every((one) => !(one instanceof Promise));
      // Without a pause, so that entries are written in the order of the calls.
      const prepared = isPrepared ? (preparing as PreparedEntry[]) : await Promise.all(preparing);
      const bytes = prepared.reduce((sum, one) => sum + one.bytes, 0);
      if (this.#waitingBytes + bytes > this.#maxWaitingBytes) {
        throw new TrailUnavailableError("Cannot append to the trail: too much waits to be written");
      }
      return await new Promise((resolve, reject) => {
        const deadline = performance.now() + this.#patienceMs;
        this.#queue.push({ prepared, bytes, deadline, resolve, reject });
        this.#waitingBytes += bytes;
        this.#flushing ??= this.#flush();
      });
    } finally {
      this.#unanswered--;
    }
  }

  /** Resolves when every append is answered. */
  async idle(): Promise<void> {
    while (this.#unanswered > 0) await (this.#flushing ?? nextTick());
  }

  /** Writes what waits, batch after batch; each begins when the calls that came in the meantime have joined it. */
  async #flush(): Promise<void> {
    while (true) {
      await nextTick();
      const batch = this.#nextBatch();
      if (batch.length === 0) break;
      for (const { bytes } of batch) this.#waitingBytes -= bytes;
      await this.#writeBatch(batch);
    }
    this.#flushing = undefined;
  }

  #nextBatch(): readonly Waiting[] {
    let [taken, count, sum] = [0, 0, 0];
    for (const { prepared, bytes } of this.#queue) {
      count += prepared.length;
      sum += bytes;
      if (taken > 0 && (count > MAX_BATCH || sum > MAX_BATCH_BYTES)) break;
      taken++;
    }
    return this.#queue.splice(0, taken);
  }

  async #writeBatch(batch: readonly Waiting[]): Promise<void> {
    try {
      const results = await this.#write(batch.flatMap(({ prepared }) => prepared));
      this.#restMs = FIRST_REST_MS;
      await answer(batch, results);
    } catch (error) {
      const now = performance.now();
      const isOver = ({ deadline }: Waiting) => deadline <= now || !this.#isPassing(error);
      for (const waiting of batch) if (isOver(waiting)) waiting.reject(error);
      const left = batch.filter((waiting) => !isOver(waiting));
      if (left.length === 0) return;
      // In their order, before those that came in the meantime.
      this.#queue.unshift(...left);
      for (const { bytes } of left) this.#waitingBytes += bytes;
      const rest = Math.min(this.#restMs, Math.max(0, ...left.map(({ deadline }) => deadline - now)));
      this.#restMs = Math.min(LONGEST_REST_MS, 2 * this.#restMs);
      await sleep(rest);
    }
  }
}

/**
 * Answers a few callers at a time: each goes on at once, and others get their turn in between. What comes next waits until
 * all are answered, so that what they write next is in one commit.
 */
async function answer(batch: readonly Waiting[], results: readonly AppendResult[]): Promise<void> {
  let first = 0;
  for (const [place, { prepared, resolve }] of batch.entries()) {
    if (place > 0 && place % ANSWERS_TOGETHER === 0) await nextTick();
    resolve(results.slice(first, first + prepared.length));
    first += prepared.length;
  }
}
