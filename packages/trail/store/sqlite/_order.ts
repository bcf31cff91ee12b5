import type { ErasureData } from "../../record/erasure.ts";
import type { TrailEntry } from "../../record/record.ts";
import type { AppendResult, Wanted } from "../store.ts";

/**
 * What the writer is told of an entry: all that it needs, worked out by whoever appends. Lists, not objects with names:
 * those take a thread's port three times as long.
 */
export type Order = readonly [
  /** Epoch milliseconds. */
  at: number,
  receipt: string | null,
  /** The canonical JSON around the digits of `seq`. */
  before: string,
  after: string,
  /** By what the record is found. */
  found: FoundOrder,
  sealed: readonly SealedOrder[],
  recipients: readonly string[],
  rules: readonly string[],
  marks: number,
  /** What is taken with the record; null: nothing. */
  wanted: Wanted | null,
  /** What few records have; null: nothing of it. */
  rest: RestOrder | null,
];

/** Columns of a record besides its time and receipt. */
export type FoundOrder = readonly [
  kind: string | null,
  team: string | null,
  assistant: string | null,
  policy: string | null,
  taken: string | null,
  effect: string | null,
];

/** A sealed value; its salt as a string of one character a byte, since each buffer that crosses costs a microsecond. */
export type SealedOrder = readonly [
  commitment: string,
  salt: string,
  kind: string,
  value: string | Uint8Array,
];

/** What belongs to records of some kinds. */
export interface RestOrder extends Pick<TrailEntry, "note" | "policyTexts"> {
  readonly erasure?: Pick<ErasureData, "commitments" | "below">;
}

/** What a record does to the lists that are kept beside the records, and what it is: bits of an order's `marks`. */
export const MARKS = {
  opens: 1,
  settles: 2,
  releases: 4,
  takes: 8,
  ends: 16,
  isEmail: 32,
  outside: 64,
} as const;

/** Where an entry was written, or why not. */
export type Written = number | Exclude<AppendResult, { readonly ok: true }>;
