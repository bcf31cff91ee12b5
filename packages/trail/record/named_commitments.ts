import type { Json, JsonObject } from "./record.ts";
import type { RecordKind } from "./record_kind.ts";
import type { Commitment, SealedKind } from "./sealed.ts";

/** A commitment that a record names: the value behind it lies beside the record, unless it was erased. */
export interface NamedCommitment {
  readonly commitment: Commitment;
  /** What the value can be. */
  readonly kinds: readonly SealedKind[];
}

/**
 * Every commitment that a record names, in the order of its fields; a field that holds something else is passed over.
 * An erasure's list of what it erased is none of them.
 */
export function namedCommitments(kind: RecordKind, data: JsonObject): readonly NamedCommitment[] {
  const named: NamedCommitment[] = [];
  for (const [list, field, kinds] of FIELDS[kind]) {
    for (const holder of list === null ? [data] : listOf(data[list])) {
      const commitment = memberOf(holder, field);
      if (typeof commitment === "string" && COMMITMENT.test(commitment)) named.push({ commitment, kinds });
    }
  }
  return named;
}

/** A member of `data`, of an object in it, or of each item of a list in it; and of what kind its value can be. */
type Field = readonly [list: string | null, field: string, kinds: readonly SealedKind[]];

const PERSON: readonly SealedKind[] = ["text", "address"];
const TEXT: readonly SealedKind[] = ["text"];
const WHO_AND_WHY: readonly Field[] = [
  [null, "by", PERSON],
  [null, "reason", TEXT],
];

const FIELDS: Readonly<Record<RecordKind, readonly Field[]>> = {
  intent: [
    ["recipients", "address", ["address"]],
    [null, "subject", ["subject"]],
    [null, "original_subject", ["subject"]],
    [null, "body", ["body"]],
    ["attachments", "name", ["attachment_name"]],
    ["attachments", "content", ["attachment"]],
    [null, "caller_key", ["caller_key"]],
  ],
  outcome: [[null, "multimail_text", TEXT]],
  lifecycle: WHO_AND_WHY,
  readback: [],
  policy: [],
  drift: [...WHO_AND_WHY, [null, "declared", TEXT], [null, "live", TEXT]],
  key: [[null, "person", TEXT]],
  refused: [],
  access: WHO_AND_WHY,
  export: [...WHO_AND_WHY, ["filter", "recipient", ["address"]], ["filter", "by", PERSON]],
  erasure: WHO_AND_WHY,
  checkpoint: [],
};

const COMMITMENT = /^[\da-f]{64}$/;

function listOf(value: Json | undefined): readonly Json[] {
  return value === undefined ? [] : [value].flat();
}

function memberOf(holder: Json, field: string): Json | undefined {
  return typeof holder === "object" &&
    holder !== null &&
    !Array.isArray(holder) &&
    Object.hasOwn(holder, field)
    ? (holder as { readonly [key: string]: Json })[field]
    : undefined;
}
