import { KINDS } from "./kinds.ts";
import type { TrailRecord } from "./record.ts";
import { RECORD_KINDS, type RecordKind } from "./record_kind.ts";
import type { Commitment } from "./sealed.ts";
import { isObject } from "./shape.ts";

/** Of the kinds of records, those that can name a person who did it. */
export const PERSON_KINDS: readonly RecordKind[] = RECORD_KINDS.filter(
  (kind) => KINDS[kind].person !== undefined,
);

/**
 * What a record says of the person who did it; undefined: it names none. Where a `lifecycle` record has `decided_by`
 * "unknown", it is MultiMail's account, which may be anybody's.
 */
export function personOf({ kind, data }: Pick<TrailRecord, "kind" | "data">): Commitment | undefined {
  const value = isObject(data) ? data[(KINDS as Partial<typeof KINDS>)[kind]?.person ?? ""] : undefined;
  return typeof value === "string" && /^[\da-f]{64}$/.test(value) ? value : undefined;
}
