import { parseVerifierKey, parseVouch } from "../checkpoint/mod.ts";
import type { ExportData } from "../record/export.ts";
import { isTime } from "../record/read_record.ts";
import type { Declared } from "../store/trail_source.ts";
import { coveringLevels } from "../tree/mod.ts";

/** What an export says of itself, in its first line or its `proof.json`. */
export interface ExportHeader extends Omit<Declared, "filter">, Pick<ExportData, "filter"> {
  readonly format: "countersign-export@v1";
  /** Records [from, to) are in it, one line each. */
  readonly from: number;
  readonly to: number;
  /** Of the tree that the records are proved to be in. */
  readonly size: number;
  /** 64 hexadecimal digits, as all hashes here. */
  readonly root: string;
  /** Roots of the complete subtrees before and after the records (`coveringLevels`). */
  readonly left: readonly string[];
  readonly right: readonly string[];
}

/** Records between two lines of leaves: a tile of the tree (C2SP tlog-tiles). */
export const TILE = 256;

/** More keys than any trail has. */
const MAX_KEYS = 1000;

type Members = Readonly<Record<string, unknown>>;

/** What each member of the header may be. */
const MEMBERS: Readonly<Record<string, (value: unknown, header: Members) => boolean>> = {
  format: (value) => value === "countersign-export@v1",
  origin: (value) => typeof value === "string" && /^[^\p{Cc}\p{Cs}]{1,1024}$/u.test(value),
  at: isTime,
  record: isSeq,
  since: (value) => value === null || isTime(value),
  until: (value) => value === null || isTime(value),
  filter: isFilter,
  values: (value) => areTexts(value, (kind) => VALUES.has(kind)) && new Set(value).size === value.length,
  from: isSeq,
  to: (value, { from }) => isSeq(value) && isSeq(from) && from <= value,
  size: (value, { to }) => isSeq(value) && isSeq(to) && to <= value,
  root: isHash,
  keys: (value) => areTexts(value, isKey),
  vouches: (value) => value === undefined || areTexts(value, isVouch),
  left: (value, { from }) => areHashes(value, 0, Number(from)),
  right: (value, { to, size }) => areHashes(value, Number(to), Number(size)),
};

const VALUES: ReadonlySet<unknown> = new Set([
  ...["address", "subject", "body", "attachment_name", "attachment", "caller_key", "text"],
]);

/** Members of a filter, of which the first five are always there. */
const FILTERS = [
  "team",
  "assistant",
  "receipt",
  "rule",
  "effect",
  "kind",
  "recipient",
  "email",
  "by",
  "user",
];

/**
 * Checks what an export says of itself.
 *
 * @throws {Error} when it is no export, or one that is written otherwise
 */
export function readHeader(value: unknown): ExportHeader {
  const header = (isObject(value) ? value : {}) as Members;
  for (const [name, is] of Object.entries(MEMBERS)) {
    if (!is(header[name], header)) throw new Error(`its "${name}" is not what that of an export is`);
  }
  if (Object.keys(header).some((name) => !Object.hasOwn(MEMBERS, name)))
    throw new Error("it says something of itself that no export says");
  return header as unknown as ExportHeader;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isFilter(value: unknown): boolean {
  if (!isObject(value)) return false;
  const known = Object.entries(value).every(
    ([name, text]) => FILTERS.includes(name) && (text === null || typeof text === "string"),
  );
  return known && FILTERS.slice(0, 5).every((name) => Object.hasOwn(value, name));
}

function isKey(value: unknown): boolean {
  try {
    return parseVerifierKey(String(value)).type === "ed25519";
  } catch {
    return false;
  }
}

function isVouch(value: unknown): boolean {
  try {
    return parseVouch(String(value)) !== undefined;
  } catch {
    return false;
  }
}

function areTexts(value: unknown, is: (text: string) => boolean): value is readonly string[] {
  const isList = Array.isArray(value) && value.length <= MAX_KEYS;
  return isList && value.every((item) => typeof item === "string" && is(item));
}

function areHashes(value: unknown, from: number, to: number): boolean {
  return Array.isArray(value) && value.length === coveringLevels(from, to).length && value.every(isHash);
}

function isSeq(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isHash(value: unknown): boolean {
  return typeof value === "string" && /^[\da-f]{64}$/.test(value);
}
