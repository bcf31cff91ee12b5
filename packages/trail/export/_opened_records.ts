import { findRecords } from "../find_records.ts";
import { namedCommitments } from "../named_commitments.ts";
import type { TrailRecord } from "../record.ts";
import type { Commitment } from "../sealed.ts";
import type { TrailStore } from "../store.ts";
import { wantedBy } from "./_selection.ts";
import type { ExportHeader } from "./export_header.ts";

/** A record with the values behind its commitments, as far as they are asked for and not erased. */
export interface OpenedRecord {
  readonly record: TrailRecord;
  readonly values: ReadonlyMap<Commitment, string>;
}

/** The records that an export is about, and no others; streams. */
export async function* openedRecords(trail: TrailStore, header: ExportHeader): AsyncGenerator<OpenedRecord> {
  const { since, until, to, values: kinds } = header;
  const wanted = {
    ...(await wantedBy(trail, header)),
    ...(since !== null && { since: Date.parse(since) }),
    ...(until !== null && { until: Date.parse(until) }),
  };
  for await (const { record } of findRecords(trail, wanted)) {
    if (record.seq >= to) return;
    const named = namedCommitments(record.kind, record.data)
      .filter((one) => one.kinds.every((kind) => kinds.includes(kind)))
      .map(({ commitment }) => commitment);
    yield { record, values: named.length === 0 ? NONE : await trail.unseal(named) };
  }
}

const NONE: ReadonlyMap<Commitment, string> = new Map();
