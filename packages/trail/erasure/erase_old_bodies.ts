import { setImmediate as nextTick } from "node:timers/promises";
import { retentionEntry } from "../record/erasure.ts";
import type { SealedKind } from "../record/sealed.ts";
import type { TrailStore } from "../store/store.ts";

/** Which bodies are too old. */
export interface EraseOldBodiesOptions {
  /** Those of records from before then; epoch milliseconds. */
  readonly before: number;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Hash of the policies in force. */
  readonly policy: string | null;
}

/** A step that was made: bodies of records below `below` were erased, and are on record as erased. */
export interface ErasedBodies {
  readonly below: number;
}

/** What a body is: subjects, addresses and file names stay. */
const BODIES: readonly SealedKind[] = ["body", "attachment"];

/** How many records one step covers: others append in between. */
const STEP = 500;

/**
 * Erases the bodies of old emails, step by step, each together with a record that says so; `scrub` then overwrites them.
 * What is not settled, or still followed, keeps its body, and so does everything after it. Where nothing is left to erase,
 * nothing is recorded: several gateways can do it in turns.
 *
 * @throws {TrailUnavailableError}
 */
export async function* eraseOldBodies(
  store: TrailStore,
  { before, now, policy }: EraseOldBodiesOptions,
): AsyncGenerator<ErasedBodies> {
  const end = Math.min(await firstSince(store, before), await firstUnsettled(store));
  for (let from = await erasedBelow(store); from < end; ) {
    const below = Math.min(from + STEP, end);
    if (await hasBodies(store, from, below)) {
      await store.append(retentionEntry({ seq: below, kinds: BODIES }, { at: now, policy }));
      yield { below };
    }
    from = below;
    await nextTick();
  }
}

/** The first record from `time` on, in the order of the trail: clocks may have jumped. */
async function firstSince(store: TrailStore, time: number): Promise<number> {
  for await (const { record } of store.records({ since: time, limit: 1 })) return record.seq;
  return (await store.head()).size;
}

/** The first intent whose body is still needed. */
async function firstUnsettled(store: TrailStore): Promise<number> {
  let first = Number.POSITIVE_INFINITY;
  for (const { record } of await store.openIntents()) first = Math.min(first, record.seq);
  for (const { record } of await store.watchedEmails()) {
    const [intent] = await store.recordsOf(record.receipt ?? "");
    first = Math.min(first, intent?.record.seq ?? record.seq);
  }
  return first;
}

/** Below which record bodies were erased before. */
async function erasedBelow(store: TrailStore): Promise<number> {
  for await (const { record } of store.records({ kind: "erasure", newestFirst: true })) {
    const { because, below } = record.data;
    if (because === "retention" && below !== null) return below.seq;
  }
  return 0;
}

async function hasBodies(store: TrailStore, fromSeq: number, toSeq: number): Promise<boolean> {
  for await (const _ of store.values({ kinds: BODIES, fromSeq, toSeq })) return true;
  return false;
}
