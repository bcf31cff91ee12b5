import { KINDS } from "./kinds.ts";
import type { RawRecord, TrailRecord } from "./record.ts";
import { isObject } from "./shape.ts";

/**
 * Whether what a record holds is of its kind's shape, so that it can be put in words: whoever could write the store may
 * have put anything there. Of a kind that only a later version knows, anything is.
 */
export function isReadable(record: RawRecord | TrailRecord): boolean {
  const { kind, data } = record;
  return isObject(data) && (!Object.hasOwn(KINDS, kind) || KINDS[kind].shape(data));
}
