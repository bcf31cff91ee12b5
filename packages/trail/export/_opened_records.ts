import { namedCommitments } from "../record/named_commitments.ts";
import type { TrailRecord } from "../record/record.ts";
import type { RecordKind } from "../record/record_kind.ts";
import type { Commitment } from "../record/sealed.ts";
import { findRecords } from "../store/find_records.ts";
import type { TrailStore } from "../store/store.ts";
import { wantedBy } from "./_selection.ts";
import type { ExportHeader } from "./export_header.ts";

/** A record with the values behind its commitments, as far as they are asked for and not erased. */
export interface OpenedRecord<Kind extends RecordKind = RecordKind> {
  readonly record: TrailRecord<Kind>;
  readonly values: ReadonlyMap<Commitment, string>;
}

/** The records that an export is about, and no others, of these kinds if they are given; streams. */
export async function* openedRecords(
  trail: TrailStore,
  header: ExportHeader,
  kinds?: readonly RecordKind[],
): AsyncGenerator<OpenedRecord> {
  const { since, until, to } = header;
  const wanted = {
    ...(await wantedBy(trail, header)),
    ...(kinds !== undefined && { kinds }),
    ...(since !== null && { since: Date.parse(since) }),
    ...(until !== null && { until: Date.parse(until) }),
  };
  for await (const { record } of findRecords(trail, wanted)) {
    if (record.seq >= to) return;
    yield await openRecord(trail, record, header);
  }
}

/** A record with those of its values that an export is about. */
export async function openRecord<Kind extends RecordKind>(
  trail: TrailStore,
  record: TrailRecord<Kind>,
  { values: kinds }: Pick<ExportHeader, "values">,
): Promise<OpenedRecord<Kind>> {
  const named = namedCommitments(record.kind, record.data)
    .filter((one) => one.kinds.every((kind) => kinds.includes(kind)))
    .map(({ commitment }) => commitment);
  return { record, values: named.length === 0 ? NONE : await trail.unseal(named) };
}

const NONE: ReadonlyMap<Commitment, string> = new Map();
