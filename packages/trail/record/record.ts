/** What a record can be about, in the order of the audit trail's table. */
export const RECORD_KINDS = [
  "intent",
  "outcome",
  "lifecycle",
  "readback",
  "policy",
  "drift",
  "key",
  "refused",
  "access",
  "export",
  "erasure",
  "checkpoint",
] as const;

/** What a record is about. */
export type RecordKind = (typeof RECORD_KINDS)[number];

/** A value that RFC 8785 can make canonical. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** One record of the trail: the bytes of its RFC 8785 canonical JSON are a leaf of the RFC 6962 tree. */
export interface TrailRecord {
  /** Position in the trail and index of the leaf, from 0. */
  readonly seq: number;
  /** ISO 8601 in UTC with milliseconds. */
  readonly at: string;
  readonly kind: RecordKind;
  readonly team: string | null;
  readonly assistant: string | null;
  readonly receipt: string | null;
  /** Hash of the linked policies in force. */
  readonly policy: string | null;
  readonly data: { readonly [key: string]: Json };
}
