/** What a record can be about, in the order of the audit trail's table. */
export const RECORD_KINDS = [
  "intent",
  "outcome",
  "lifecycle",
  "approval",
  "notice",
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
