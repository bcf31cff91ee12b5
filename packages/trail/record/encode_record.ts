import canonicalize from "canonicalize";
import type { Json } from "./json.ts";
import type { RawRecord } from "./record.ts";

/**
 * The record as RFC 8785 canonical JSON: the input of its leaf hash. Half a surrogate pair, which has no UTF-8 and which
 * RFC 8785 refuses, becomes U+FFFD, so that no text that a caller sends keeps a call off the record.
 *
 * @throws {Error} when a number is NaN or infinite, or a value contains itself
 */
export function encodeRecord(record: RawRecord): string {
  const json = encode({ ...record });
  // `JSON.stringify` escapes half a pair; an escaped backslash before `ud` costs a second pass and nothing else.
  return json.includes("\\ud") ? encode(wellFormed({ ...record })) : json;
}

/**
 * What `canonicalize` makes, in half the time: `JSON.stringify` writes members in the order in which they were added,
 * strings and numbers as RFC 8785 wants them.
 */
function encode(value: Json): string {
  const sorted = sortMembers(value);
  return sorted === undefined ? (canonicalize(value) ?? "") : JSON.stringify(sorted);
}

/** A copy with members added in order; undefined when the engine or `JSON.stringify` would not keep to it. */
function sortMembers(value: Json): Json | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) {
    const items = value.map(sortMembers);
    return items.includes(undefined) ? undefined : (items as Json[]);
  }
  const sorted: Record<string, Json> = {};
  for (const key of Object.keys(value).sort()) {
    const member = sortMembers((value as Record<string, Json>)[key] as Json);
    // Members that look like an index come first in every object, and `__proto__` is none.
    if (member === undefined || INDEX.test(key) || key === "__proto__") return undefined;
    sorted[key] = member;
  }
  return sorted;
}

const INDEX = /^\d/;

function wellFormed(value: Json): Json {
  if (typeof value === "string") return Buffer.from(value, "utf8").toString("utf8");
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(wellFormed);
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [wellFormed(key) as string, wellFormed(member)]),
  );
}
