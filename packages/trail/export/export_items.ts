import { parseCheckpoint } from "../checkpoint/mod.ts";
import { isShared } from "../record/derived.ts";
import { findRecords, type RecordFilter } from "../store/find_records.ts";
import type { TrailStore } from "../store/store.ts";
import type { StoredCheckpoint, StoredRecord } from "../store/stored.ts";
import { textsOf, wantedBy } from "./_selection.ts";
import { type ExportHeader, TILE } from "./export_header.ts";

/** A piece of an export, in the order of writing. */
export type ExportItem =
  | { readonly is: "header"; readonly header: ExportHeader }
  | ({ readonly is: "checkpoint" } & StoredCheckpoint)
  | { readonly is: "policy"; readonly hash: string; readonly text: string }
  /** Whole lines, each with its line break: of at most 256 records, or one long value. */
  | { readonly is: "lines"; readonly text: string; readonly records: number };

/** From here on a value is an item of its own, so that few are in memory. */
const LONG_VALUE = 64 * 1024;

/**
 * Everything that an export has, in order, never more than a tile of it in memory. Records that the filter does not show
 * are there as their leaf, so that the proof holds.
 *
 * @throws {TrailUnavailableError} when the trail cannot be read
 * @throws {Error} when values were erased meanwhile
 */
export async function* exportItems(trail: TrailStore, header: ExportHeader): AsyncGenerator<ExportItem> {
  yield { is: "header", header };
  yield* checkpointItems(trail, header);
  for await (const { hash, text } of textsOf(trail, header)) yield { is: "policy", hash, text };
  yield* recordItems(trail, header);
  await refuseErased(trail, header);
}

/** Checkpoints that were signed in the stretch, and those whose tree is the header's. */
async function* checkpointItems(
  trail: TrailStore,
  { from, to, size, origin }: ExportHeader,
): AsyncGenerator<ExportItem> {
  for await (const { seq, note } of trail.checkpoints()) {
    const isInside = seq >= from && seq < to;
    const head = isInside ? undefined : headOf(note);
    if (isInside || (head?.size === size && head.origin === origin)) yield { is: "checkpoint", seq, note };
  }
}

async function* recordItems(trail: TrailStore, header: ExportHeader): AsyncGenerator<ExportItem> {
  const { from, to, values } = header;
  if (from === to) return;
  const records = trail.records({ fromSeq: from })[Symbol.asyncIterator]();
  const isMatch = matcher(trail, header.from, await wantedBy(trail, header));
  const sealed =
    values.length === 0 ? undefined : new Ordered(trail.values({ kinds: values, fromSeq: from, toSeq: to }));
  for (let first = from; first < to; ) {
    const end = Math.min(to, first - (first % TILE) + TILE);
    const leaves = await trail.hashes(0, first, end - first);
    let text = line({ leaves: { from: first, hashes: leaves.map(hex).join("") } });
    let records_ = 0;
    for (let seq = first; seq < end; seq++) {
      const { value: stored } = (await records.next()) as { value: StoredRecord | undefined };
      // What is not where it should be shows when the export is verified.
      if (stored === undefined) break;
      const isOwn = seq === header.record || isShared(stored.record) || (await isMatch(seq));
      text += isOwn ? `${stored.json}\n` : line({ leaf: hex(stored.leaf) });
      records_++;
      for await (const row of sealed?.upTo(seq) ?? []) {
        if (!isOwn) continue;
        const value = line({ value: { ...row, salt: hex(row.salt) } });
        if (value.length < LONG_VALUE) text += value;
        else {
          yield { is: "lines", text, records: records_ };
          yield { is: "lines", text: value, records: 0 };
          [text, records_] = ["", 0];
        }
      }
    }
    yield { is: "lines", text, records: records_ };
    first = end;
  }
  await records.return?.();
}

/** Tells of each `seq`, asked for in order, whether the filter lets it be shown. */
function matcher(trail: TrailStore, from: number, wanted: RecordFilter): (seq: number) => Promise<boolean> {
  if (Object.keys(wanted).length === 0) return async () => true;
  const matches = new Ordered(matching(trail, { ...wanted, fromSeq: from }));
  return async (seq) => {
    let isMatch = false;
    for await (const match of matches.upTo(seq)) isMatch = match.seq === seq;
    return isMatch;
  };
}

async function* matching(trail: TrailStore, filter: RecordFilter): AsyncGenerator<{ readonly seq: number }> {
  for await (const { record } of findRecords(trail, filter)) yield record;
}

/** A stream in order of `seq` that is read as far as wanted. */
class Ordered<T extends { readonly seq: number }> {
  readonly #source: AsyncIterator<T>;
  #next: Promise<IteratorResult<T>> | undefined;

  constructor(source: AsyncIterable<T>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** What is left up to and with this `seq`. */
  async *upTo(seq: number): AsyncGenerator<T> {
    while (true) {
      this.#next ??= this.#source.next();
      const { done, value } = await this.#next;
      if (done || value.seq > seq) return;
      this.#next = undefined;
      yield value;
    }
  }
}

/** Values must not be absent without an erasure in the export that says why. */
async function refuseErased(trail: TrailStore, { size, values }: ExportHeader): Promise<void> {
  if (values.length === 0) return;
  for await (const { record } of trail.records({ kind: "erasure", fromSeq: size, limit: 1 })) {
    throw new Error(`Cannot export values: some were erased meanwhile (record ${record.seq}); export again`);
  }
}

function headOf(note: string): { readonly size: number; readonly origin: string } | undefined {
  try {
    return parseCheckpoint(note);
  } catch {
    return undefined;
  }
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
