import { parseCheckpoint } from "../checkpoint/mod.ts";
import type { ExportData } from "../export_data.ts";
import type { TrailFilter, TrailStore, TreeHead } from "../store.ts";
import { coveringHashes } from "../tree/mod.ts";
import { signingKeysOf } from "./_signing_keys_of.ts";
import type { ExportHeader } from "./export_header.ts";

/** What to export. */
export interface PlanExportOptions {
  /** The `export` record, as it was appended. */
  readonly data: ExportData;
  readonly record: number;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Name of the trail, as its checkpoints say it. */
  readonly origin: string;
}

/**
 * Works out which records an export of a time has, and the proof that goes with them: by the oldest checkpoint that covers
 * them all, else by the head. Records are taken from the first to the last of the time, so that what lies between, after
 * a clock jumped, is there too.
 *
 * @throws {TrailUnavailableError} when the trail cannot be read
 */
export async function planExport(
  trail: TrailStore,
  { data, record, at, origin }: PlanExportOptions,
): Promise<ExportHeader> {
  const head = await trail.head();
  const { since, until, filter, values } = data;
  const time: TrailFilter = {
    ...(since !== null && { since: Date.parse(since) }),
    ...(until !== null && { until: Date.parse(until) }),
  };
  const isAll = since === null && until === null;
  const first = isAll ? 0 : await seqOf(trail, time);
  const last = isAll ? head.size - 1 : await seqOf(trail, { ...time, newestFirst: true });
  const from = first ?? head.size;
  const to = Math.min((last ?? from - 1) + 1, head.size);
  const { size, root } = to === head.size ? head : await coveringHead(trail, to, head);
  const [left, right] = [await coveringHashes(0, from, trail), await coveringHashes(to, size, trail)];
  return {
    format: "countersign-export@v1",
    origin,
    at: new Date(at).toISOString(),
    record,
    ...{ since, until, filter, values },
    ...{ from, to, size },
    root: hex(root),
    keys: await signingKeysOf(trail),
    left: left.map(hex),
    right: right.map(hex),
  };
}

async function seqOf(trail: TrailStore, filter: TrailFilter): Promise<number | undefined> {
  for await (const { record } of trail.records({ ...filter, limit: 1 })) return record.seq;
  return undefined;
}

/** The oldest checkpoint of a tree that has the first `to` records. */
async function coveringHead(trail: TrailStore, to: number, head: TreeHead): Promise<TreeHead> {
  let found = head;
  for await (const { note } of trail.checkpoints({ newestFirst: true })) {
    const { size, root } = readHead(note) ?? { size: Number.NaN, root: Buffer.of() };
    if (size < to) break;
    // A checkpoint that was tampered with may claim more than there is.
    if (size <= found.size) found = { size, root };
  }
  return found;
}

function readHead(note: string): TreeHead | undefined {
  try {
    return parseCheckpoint(note);
  } catch {
    return undefined;
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
