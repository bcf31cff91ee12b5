import type { TrailRecord } from "./record.ts";
import type { RecordKind } from "./record_kind.ts";
import type { Commitment } from "./sealed.ts";

/** Kinds of records that can say which person did it, and the field that does. */
const PERSON_FIELDS: Partial<Record<RecordKind, string>> = {
  lifecycle: "by",
  drift: "by",
  key: "person",
  access: "by",
  export: "by",
  erasure: "by",
};

/** Of the kinds of records, those that can name a person who did it. */
export const PERSON_KINDS: readonly RecordKind[] = Object.keys(PERSON_FIELDS) as RecordKind[];

/**
 * What a record says of the person who did it; undefined: it names none. Where a `lifecycle` record has `decided_by`
 * "unknown", it is MultiMail's account, which may be anybody's.
 */
export function personOf({ kind, data }: Pick<TrailRecord, "kind" | "data">): Commitment | undefined {
  const value = data[PERSON_FIELDS[kind] ?? ""];
  return typeof value === "string" && /^[\da-f]{64}$/.test(value) ? value : undefined;
}
