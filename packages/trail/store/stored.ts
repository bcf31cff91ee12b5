import type { TrailRecord } from "../record/record.ts";
import type { RecordKind } from "../record/record_kind.ts";

/** A record as it is kept. */
export interface StoredRecord<Kind extends RecordKind = RecordKind> {
  readonly record: TrailRecord<Kind>;
  /** RFC 8785 canonical JSON of the record: the leaf's input, exactly as stored. */
  readonly json: string;
  /** RFC 6962 leaf hash, 32 bytes, as stored. */
  readonly leaf: Uint8Array;
}

/** A checkpoint as it is kept: a C2SP signed note beside the record that says that it was signed. */
export interface StoredCheckpoint {
  /** Of its `checkpoint` record. */
  readonly seq: number;
  /** The whole note, with every signature that was added since. */
  readonly note: string;
}

/**
 * Tells records of one kind from others.
 *
 * @example
 * ```ts
 * import { isOf, type StoredRecord } from "@countersign/trail";
 *
 * const wasHeld = (records: readonly StoredRecord[]) => records.find(isOf("intent"))?.record.data.held;
 * ```
 */
export function isOf<Kind extends RecordKind>(
  kind: Kind,
): (stored: StoredRecord) => stored is StoredRecord<Kind> {
  return (stored): stored is StoredRecord<Kind> => stored.record.kind === kind;
}
