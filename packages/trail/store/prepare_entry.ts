import { hash } from "node:crypto";
import { isOpening, isReleasing, isSettling, recipientsOf, rulesOf } from "../record/derived.ts";
import { encodeRecord } from "../record/encode_record.ts";
import { namedCommitments } from "../record/named_commitments.ts";
import type { TrailEntry } from "../record/record.ts";
import { toIsoTime } from "../record/to_iso_time.ts";
import { MAX_SEALED } from "./max_sealed.ts";
import { packValue } from "./pack_value.ts";
import type { WantingEntry } from "./store.ts";

/** Of a record's canonical JSON. */
const MAX_RECORD_BYTES = 1024 * 1024;

/** As long as any. */
const LONGEST_SEQ = Number.MAX_SAFE_INTEGER;
const SEQ_DIGITS = String(LONGEST_SEQ).length;

/** An entry, and what it does to the intent of its receipt by its kind and data. */
export type EffectiveEntry = WantingEntry & {
  /** The intent is open until an entry of the same receipt settles it. */
  readonly opens: boolean;
  readonly settles: boolean;
  /** Its claims and reservations are given back: the email certainly never left. */
  readonly releases: boolean;
};

/** An entry of which all is worked out that does not depend on what is in the store. */
export interface PreparedEntry {
  readonly entry: EffectiveEntry;
  /** The canonical JSON around the digits of `seq`. */
  readonly json: readonly [before: string, after: string];
  readonly rules: readonly string[];
  readonly recipients: readonly string[];
  /** `entry.sealed`'s values as they are kept. */
  readonly packed: readonly (string | Uint8Array)[];
  /** About what it takes in the store. */
  readonly bytes: number;
}

/**
 * Checks an entry and works out what is kept of it: at once, unless it has a long value.
 *
 * @throws {RangeError} when it is too large, or a number in it is out of range
 * @throws {TypeError} when it contradicts itself
 */
export function prepareEntry(wanted: WantingEntry): PreparedEntry | Promise<PreparedEntry> {
  const { kind, team, assistant, receipt, policy, data, sealed = [] } = wanted;
  const entry: EffectiveEntry = {
    ...wanted,
    opens: isOpening(kind, data),
    settles: isSettling(kind, data),
    releases: isReleasing(kind, data),
  };
  const seq = LONGEST_SEQ;
  const json = encodeRecord({ assistant, at: toIsoTime(entry.at), data, kind, policy, receipt, seq, team });
  const bytes = Buffer.byteLength(json);
  if (bytes > MAX_RECORD_BYTES) {
    throw new RangeError(`Cannot append a record of ${bytes} bytes: at most ${MAX_RECORD_BYTES} are kept`);
  }
  checkSealed(entry, json);
  checkReservable(entry);
  checkPolicyTexts(entry);
  checkNote(entry);
  // Quotes in a string are escaped, so this is found in no value.
  const middle = json.lastIndexOf(`"seq":${seq},"team":`) + '"seq":'.length;
  const around = [json.slice(0, middle), json.slice(middle + SEQ_DIGITS)] as const;
  const [rules, recipients] = [rulesOf(kind, data), recipientsOf(kind, sealed)];
  const preparedWith = (packed: PreparedEntry["packed"]): PreparedEntry => ({
    ...{ entry, json: around, rules, recipients, packed },
    bytes: packed.reduce((sum, value) => sum + value.length, bytes),
  });
  const packing = sealed.map(({ value }) => packValue(value));
  return packing.every(isThere) ? preparedWith(packing) : Promise.all(packing).then(preparedWith);
}

function isThere<T>(value: T | Promise<T>): value is T {
  return !(value instanceof Promise);
}

function checkSealed({ kind: recordKind, data, sealed = [] }: TrailEntry, json: string): void {
  if (sealed.length >= MAX_SEALED) throw new RangeError(`Cannot append ${sealed.length} sealed values`);
  const named = namedCommitments(recordKind, data);
  for (const { commitment } of named) {
    if (sealed.some((one) => one.commitment === commitment)) continue;
    throw new TypeError(
      `Cannot append a record: the value behind commitment ${commitment} is not sealed with it`,
    );
  }
  for (const { commitment, salt, kind, value } of sealed) {
    if (!value.isWellFormed())
      throw new TypeError(`Cannot append a sealed ${kind}: it is ill-formed Unicode`);
    if (salt.length !== 32) throw new TypeError(`Cannot append a sealed ${kind}: its salt has no 32 bytes`);
    if (named.some((one) => one.commitment === commitment)) continue;
    if (!/^[\da-f]{64}$/.test(commitment) || !json.includes(`"${commitment}"`)) {
      throw new TypeError(`Cannot append a sealed ${kind}: the record does not name its commitment`);
    }
  }
}

function checkReservable(entry: EffectiveEntry): void {
  const { kind, receipt, data, opens, settles, releases, claims = [], reservations = [] } = entry;
  if (receipt === null && (opens || settles || releases || claims.length > 0 || reservations.length > 0)) {
    throw new TypeError("Cannot append an entry that opens, settles, takes or releases: it has no receipt");
  }
  const counted = reservations.length === 0 ? 0 : new Set(reservations.map(({ counter }) => counter)).size;
  if (kind === "intent" && (data.counted ?? 0) !== counted) {
    throw new TypeError("Cannot append an intent: it does not say how many counters count it");
  }
  // A comparison with NaN would let everything through.
  const areWhole =
    claims.every(({ expiresAt }) => Number.isSafeInteger(expiresAt)) &&
    reservations.every(({ windowMs, max }) => Number.isSafeInteger(windowMs) && Number.isSafeInteger(max));
  if (!areWhole) {
    throw new RangeError("Cannot append an entry whose claims or reservations are no whole numbers");
  }
}

function checkPolicyTexts({ policyTexts = [] }: TrailEntry): void {
  const wrong = policyTexts.find((file) => hash("sha256", file.text) !== file.hash);
  if (wrong !== undefined)
    throw new TypeError(`Cannot append a policy text: its SHA-256 is not ${wrong.hash}`);
}

function checkNote({ kind, data, note }: TrailEntry): void {
  if ((kind === "checkpoint") !== (note !== undefined)) {
    throw new TypeError("Cannot append an entry: checkpoints, and nothing else, come with a note");
  }
  if (kind === "checkpoint" && hash("sha256", note ?? "") !== data.note)
    throw new TypeError(`Cannot append a checkpoint: the SHA-256 of its note is not ${data.note}`);
}
