import type { Json, JsonObject } from "./json.ts";
import { KINDS } from "./kinds.ts";
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
  for (const [list, field, kinds] of (KINDS as Partial<typeof KINDS>)[kind]?.commitments ?? []) {
    for (const holder of list === null ? [data] : listOf(memberOf(data, list))) {
      const commitment = memberOf(holder, field);
      if (typeof commitment === "string" && COMMITMENT.test(commitment)) named.push({ commitment, kinds });
    }
  }
  return named;
}

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
