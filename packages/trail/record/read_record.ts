import { encodeRecord } from "./encode_record.ts";
import type { Json } from "./json.ts";
import type { TrailRecord } from "./record.ts";
import { RECORD_KINDS } from "./record_kind.ts";

const MEMBERS = "assistant,at,data,kind,policy,receipt,seq,team";
const KINDS: ReadonlySet<unknown> = new Set(RECORD_KINDS);
const TIME = /^\d{4}-(\d\d)-(\d\d)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;

/** Of a record that is read: bytes, and objects and lists in each other. A store never takes more. */
const MAX_BYTES = 1024 * 1024;
const MAX_DEPTH = 64;

/** The record that this is the canonical JSON of; undefined: of none. */
export function readRecord(json: string): TrailRecord | undefined {
  if (json.length > MAX_BYTES / 3 && Buffer.byteLength(json) > MAX_BYTES) return undefined;
  try {
    const value = JSON.parse(json) as Json;
    return isRecord(value) && isShallow(value, MAX_DEPTH) && isCanonical(json, value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a text is a time in UTC with milliseconds, of a day that there is. */
export function isTime(text: unknown): text is string {
  const [, month, day] = (typeof text === "string" && TIME.exec(text)) || [];
  if (month === undefined || day === undefined || Number(month) > 12 || Number(day) === 0) return false;
  // Only a day after the 28th may not be there, which another time is made of then.
  return Number(month) > 0 && (Number(day) < 29 || new Date(text as string).toJSON() === text);
}

function isShallow(value: Json, depth: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (depth === 0) return false;
  if (Array.isArray(value)) return value.every((item) => isShallow(item, depth - 1));
  const members = value as Record<string, Json>;
  for (const key in members) if (!isShallow(members[key] as Json, depth - 1)) return false;
  return true;
}

/** Members in order that come out as they went in are canonical. What only seems not to be is encoded to be sure. */
function isCanonical(json: string, value: Json & TrailRecord): boolean {
  if (isSorted(value) && JSON.stringify(value) === json && !json.includes("\\ud")) return true;
  return encodeRecord(value) === json;
}

function isSorted(value: Json): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (Array.isArray(value)) return value.every(isSorted);
  const members = value as Record<string, Json>;
  let last = "";
  for (const key in members) {
    if (key < last || !isSorted(members[key] as Json)) return false;
    last = key;
  }
  return true;
}

function isRecord(value: Json): value is Json & TrailRecord {
  if (typeof value !== "object" || value === null || Object.keys(value).join() !== MEMBERS) return false;
  const { seq, at, kind, team, assistant, receipt, policy, data } = value as Record<string, unknown>;
  return (
    Number.isSafeInteger(seq) &&
    (seq as number) >= 0 &&
    isTime(at) &&
    KINDS.has(kind) &&
    [team, assistant, receipt, policy].every((text) => text === null || typeof text === "string") &&
    typeof data === "object" &&
    data !== null &&
    !Array.isArray(data)
  );
}
