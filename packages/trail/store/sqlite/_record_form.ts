import { toIsoTime } from "../../record/to_iso_time.ts";
import { codeText, readCode } from "./_code_text.ts";

/** What many records have in common. Null: a record says nothing of it. */
export interface Common {
  readonly kind: string | null;
  readonly team: string | null;
  readonly assistant: string | null;
  readonly policy: string | null;
}

/** What lies beside the bytes of a record, without which they cannot be read. */
export interface RecordFrame extends Common {
  /** Epoch milliseconds. */
  readonly at: number | null;
  readonly receipt: string | null;
  /** MultiMail's id of the email that it took. */
  readonly taken: string | null;
}

/** All that lies beside a record's JSON. */
export interface RecordColumns extends RecordFrame {
  readonly effect: string | null;
  readonly isEmail: boolean;
  /** It is a read that showed mail from outside. */
  readonly outside: boolean;
}

/** The canonical JSON of records with this in common, around what differs. */
export interface Around {
  readonly beforeTime: string;
  readonly afterData: string;
  readonly afterSeq: string;
}

/** A record's own part of it. */
export interface Own extends Pick<RecordFrame, "at" | "receipt" | "taken"> {
  readonly around: Around;
}

const ISO_LENGTH = "0000-00-00T00:00:00.000Z".length;

/** How many bytes `seq` may take. */
const MAX_SEQ_BYTES = 6;
const MAX_SEQ = 2 ** (8 * MAX_SEQ_BYTES);

/** What a record says; members that are no text say nothing. */
export function columnsOf(
  record: Readonly<Record<string, unknown>>,
  at: number | null = timeOf(record.at),
): RecordColumns {
  const { kind, team, assistant, policy, receipt, data } = record;
  const { effect, idempotency_key, result, email, outside } = objectOf(data);
  const isOutcome = kind === "outcome";
  return {
    at,
    kind: textOf(kind),
    team: textOf(team),
    assistant: textOf(assistant),
    policy: textOf(policy),
    receipt: textOf(receipt),
    taken: isOutcome && result === "accepted" ? textOf(email) : null,
    effect: textOf(effect),
    isEmail: (idempotency_key ?? null) !== null,
    outside: isOutcome && outside === true,
  };
}

/** What a record's JSON says; nothing when it is no JSON. */
export function columnsOfJson(json: string): RecordColumns {
  try {
    return columnsOf(objectOf(JSON.parse(json)));
  } catch {
    return columnsOf({});
  }
}

/** What is the same in the JSON of all records that have this in common. */
export function aroundOf({ kind, team, assistant, policy }: Common): Around {
  const quoted = (text: string | null) => JSON.stringify(text);
  return {
    beforeTime: `{"assistant":${quoted(assistant)},"at":"`,
    afterData: `,"kind":${quoted(kind)},"policy":${quoted(policy)},"receipt":`,
    afterSeq: `,"team":${quoted(team)}}`,
  };
}

/**
 * A record's JSON as it is kept beside its columns: bytes that hold what they do not, or, where that does not give it again,
 * the JSON itself.
 */
export function packRecord(json: string, seq: number, own: Own): string | Uint8Array {
  if (own.at === null || !(seq >= 0 && seq < MAX_SEQ)) return json;
  const before = beforeData(own.around, own.at);
  const after = afterData(own, seq);
  if (json.length < before.length + after.length || !json.startsWith(before) || !json.endsWith(after))
    return json;
  const data = json.slice(before.length, json.length - after.length);
  return codeText(data, [own.receipt, own.taken], numberOf(seq)) ?? json;
}

/** The bytes of a record, read. */
export interface Unpacked {
  readonly seq: number;
  /** JSON of its `data`. */
  readonly data: string;
  readonly json: string;
}

/**
 * What `packRecord` was given, from the same columns.
 *
 * @throws {Error} when the bytes are none that it makes
 */
export function unpackRecord(kept: Buffer, own: Own): Unpacked {
  const end = 1 + (kept[0] ?? 0);
  if (end < 2 || end > 1 + MAX_SEQ_BYTES || kept.length <= end) throw new Error("its number is missing");
  if (own.at === null) throw new Error("its time is missing");
  const data = readCode(kept, end, [own.receipt, own.taken]);
  const seq = kept.readUIntBE(1, end - 1);
  return { seq, data, json: beforeData(own.around, own.at) + data + afterData(own, seq) };
}

function beforeData({ beforeTime }: Around, at: number): string {
  return `${beforeTime}${toIsoTime(at)}","data":`;
}

function afterData({ around, receipt }: Own, seq: number): string {
  // What follows each other has one receipt.
  if (quoted?.receipt !== receipt) quoted = { receipt, json: JSON.stringify(receipt) };
  return `${around.afterData}${quoted.json},"seq":${seq}${around.afterSeq}`;
}

let quoted: { readonly receipt: string | null; readonly json: string } | undefined;

/** How many bytes, and the bytes. */
function numberOf(seq: number): readonly number[] {
  let count = 1;
  for (let left = seq; left >= 256; left = Math.floor(left / 256)) count++;
  const bytes = [count];
  for (let place = count - 1; place >= 0; place--) bytes.push(Math.floor(seq / 256 ** place) % 256);
  return bytes;
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}

/** As its JSON has it, which has no half of a surrogate pair. */
function textOf(value: unknown): string | null {
  return typeof value === "string" ? value.toWellFormed() : null;
}

function timeOf(value: unknown): number | null {
  if (typeof value !== "string" || !/^\d{4}-/.test(value) || value.length !== ISO_LENGTH) return null;
  const at = Date.parse(value);
  return !Number.isNaN(at) && toIsoTime(at) === value ? at : null;
}
