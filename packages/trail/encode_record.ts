import canonicalize from "canonicalize";
import type { Json, TrailRecord } from "./record.ts";

/**
 * The record as RFC 8785 canonical JSON: the input of its leaf hash. Half a surrogate pair, which has no UTF-8 and which
 * RFC 8785 refuses, becomes U+FFFD, so that no text that a caller sends keeps a call off the record.
 *
 * @throws {Error} when a number is NaN or infinite, or a value contains itself
 */
export function encodeRecord(record: TrailRecord): string {
  const json = canonicalize(record) ?? "";
  // `JSON.stringify` escapes half a pair; an escaped backslash before `ud` costs a second pass and nothing else.
  return json.includes("\\ud") ? (canonicalize(wellFormed({ ...record })) ?? "") : json;
}

function wellFormed(value: Json): Json {
  if (typeof value === "string") return Buffer.from(value, "utf8").toString("utf8");
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(wellFormed);
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [wellFormed(key) as string, wellFormed(member)]),
  );
}
