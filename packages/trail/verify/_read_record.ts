import { encodeRecord } from "../encode_record.ts";
import { type Json, RECORD_KINDS, type TrailRecord } from "../record.ts";

const MEMBERS = "assistant,at,data,kind,policy,receipt,seq,team";
const KINDS: ReadonlySet<unknown> = new Set(RECORD_KINDS);
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** The record that this is the canonical JSON of; undefined: of none. */
export function readRecord(json: string): TrailRecord | undefined {
  try {
    const value = JSON.parse(json) as Json;
    return isRecord(value) && isCanonical(json, value) ? value : undefined;
  } catch {
    return undefined;
  }
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
    typeof at === "string" &&
    TIME.test(at) &&
    KINDS.has(kind) &&
    [team, assistant, receipt, policy].every((text) => text === null || typeof text === "string") &&
    typeof data === "object" &&
    data !== null &&
    !Array.isArray(data)
  );
}
