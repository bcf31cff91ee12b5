import { parseCheckpoint } from "../checkpoint/mod.ts";
import { namedSigningKeys } from "../checkpoint/signing/signing_key_history.ts";
import type { ExportData } from "../record/export.ts";
import type { TrailFilter, TrailStore } from "../store/store.ts";
import type { StoredCheckpoint } from "../store/stored.ts";
import { coveringHashes } from "../tree/mod.ts";
import type { TreeHead } from "../tree/tree_head.ts";
import type { ExportHeader } from "./export_header.ts";

/** What to export. */
export interface PlanExportOptions {
  /** The `export` record, as it was appended. */
  readonly data: ExportData;
  readonly record: number;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Name of the trail, if no checkpoint says it. */
  readonly origin: string;
  /** What was signed for this export, and covers its record. */
  readonly checkpoint?: StoredCheckpoint | undefined;
}

/**
 * Works out which records an export of a time has, and the proof that goes with them: by the checkpoint that was signed for
 * it, else by the oldest one that covers them all, else by the head, which nobody signed. Records are taken from the first
 * to the last of the time, so that what lies between, after a clock jumped, is there too.
 *
 * @throws {TrailUnavailableError} when the trail cannot be read
 */
export async function planExport(
  trail: TrailStore,
  { data, record, at, origin, checkpoint }: PlanExportOptions,
): Promise<ExportHeader> {
  const signed = checkpoint && readHead(checkpoint.note);
  const head: NamedHead = signed ?? (await trail.head());
  const { since, until, filter, values } = data;
  const time: TrailFilter = {
    ...(since !== null && { since: Date.parse(since) }),
    ...(until !== null && { until: Date.parse(until) }),
  };
  const isAll = since === null && until === null;
  const first = isAll ? 0 : await seqOf(trail, time);
  const last = isAll ? head.size - 1 : await seqOf(trail, { ...time, newestFirst: true });
  const isEmpty = first === undefined || last === undefined || first >= head.size;
  // Without a bound, a clock that jumped leaves nothing out.
  const from = isEmpty ? head.size : since === null ? 0 : first;
  const to = isEmpty || until === null ? head.size : Math.min(last + 1, head.size);
  const covering = to === head.size || signed ? head : await coveringHead(trail, to, head);
  const { size, root } = covering;
  const [left, right] = [await coveringHashes(0, from, trail), await coveringHashes(to, size, trail)];
  return {
    format: "countersign-export@v1",
    origin: covering.origin ?? origin,
    at: new Date(at).toISOString(),
    record,
    ...{ since, until, filter, values },
    ...{ from, to, size },
    root: hex(root),
    ...(await namedSigningKeys(trail, size)),
    left: left.map(hex),
    right: right.map(hex),
  };
}

async function seqOf(trail: TrailStore, filter: TrailFilter): Promise<number | undefined> {
  for await (const { record } of trail.records({ ...filter, limit: 1 })) return record.seq;
  return undefined;
}

/** The oldest checkpoint of a tree that has the first `to` records. */
async function coveringHead(trail: TrailStore, to: number, head: NamedHead): Promise<NamedHead> {
  let found = head;
  for await (const { note } of trail.checkpoints({ newestFirst: true })) {
    const signed = readHead(note);
    if (signed !== undefined && signed.size < to) break;
    // A checkpoint that was tampered with may claim more than there is.
    if (signed !== undefined && signed.size <= found.size) found = signed;
  }
  return found;
}

/** A head, and the origin in the checkpoint that it is from. */
interface NamedHead extends TreeHead {
  readonly origin?: string;
}

function readHead(note: string): NamedHead | undefined {
  try {
    return parseCheckpoint(note);
  } catch {
    return undefined;
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
