import { parseAddress } from "@countersign/core/address";
import { sealedBase } from "./address_base.ts";
import type { JsonObject } from "./json.ts";
import { KINDS } from "./kinds.ts";
import type { TrailRecord } from "./record.ts";
import type { RecordKind } from "./record_kind.ts";

/** The rules that an intent's record says had something to say, once each. */
export function rulesOf(kind: RecordKind, data: JsonObject): readonly string[] {
  if (kind !== "intent" || !Array.isArray(data.findings)) return [];
  const rules = data.findings.map((finding: { rule?: unknown } | null) => finding?.rule);
  return [...new Set(rules)].filter((rule) => typeof rule === "string");
}

/**
 * What the canonical JSON of an intent contains when it names somebody at a domain, written `@client.example`; undefined:
 * the text is no domain. Quotes in a value are escaped, so that no other text contains it.
 */
export function domainMark(text: string): string | undefined {
  if (!text.startsWith("@")) return undefined;
  const parsed = parseAddress(`x${text}`);
  return `"domain":${JSON.stringify(parsed.ok ? parsed.address.domain : text.slice(1).toLowerCase())}`;
}

/** What the canonical JSON of a record contains when it is about an email with this id. */
export function emailMarks(id: string): readonly [email: string, about: string] {
  const value = JSON.stringify(id);
  return [`"email":${value}`, `"about":${value}`];
}

/** Under what an intent's recipients are found, once each, from the addresses sealed with it. */
export function recipientsOf(
  kind: RecordKind,
  sealed: readonly { readonly kind: string; readonly value: string | null }[],
): readonly string[] {
  if (kind !== "intent") return [];
  const bases = sealed.map((item) =>
    item.kind === "address" && item.value !== null ? sealedBase(item.value) : null,
  );
  return [...new Set(bases)].filter((base) => base !== null);
}

/** Whether every export shows a record, whatever its filter says. */
export function isShared({ kind, team }: Pick<TrailRecord, "kind" | "team">): boolean {
  // One that only a later version knows is not.
  const shared = (KINDS as Partial<typeof KINDS>)[kind]?.shared ?? false;
  return typeof shared === "boolean" ? shared : shared({ team });
}

/** Whether this is an intent that lets an email leave, which is open until an outcome settles it. */
export function isOpening(kind: RecordKind, data: JsonObject): boolean {
  return KINDS[kind].opens?.(data) ?? false;
}

/** Whether this is an outcome by which MultiMail has an email, which is watched until a lifecycle record is final. */
export function isTaking(kind: RecordKind, data: JsonObject): boolean {
  return KINDS[kind].takes?.(data) ?? false;
}

/** Whether nothing more is asked about this record's email. */
export function isFinal(kind: RecordKind, data: JsonObject): boolean {
  return KINDS[kind].ends?.(data) ?? false;
}

/** Whether this is an outcome that tells what became of an intent. */
export function isSettling(kind: RecordKind, data: JsonObject): boolean {
  return KINDS[kind].settles?.(data) ?? false;
}

/** Whether this is an outcome by which the email certainly never left: its claims and reservations are given back. */
export function isReleasing(kind: RecordKind, data: JsonObject): boolean {
  return KINDS[kind].releases?.(data) ?? false;
}
