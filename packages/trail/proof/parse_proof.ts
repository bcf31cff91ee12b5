import type { TrailProof } from "./trail_proof.ts";

type Members = Readonly<Record<string, unknown>>;

/** More than any trail has. */
const MAX_KEYS = 1000;

/**
 * Reads a proof as it is written in JSON.
 *
 * @throws {Error} when it is none
 */
export function parseProof(text: string): TrailProof {
  const proof = parse(text);
  if (!areMembers(proof, MEMBERS))
    throw new Error('Cannot read a proof: its format must be "countersign-proof@v1"');
  return proof as unknown as TrailProof;
}

const MEMBERS: Readonly<Record<string, (value: unknown) => boolean>> = {
  format: (value) => value === "countersign-proof@v1",
  size: isSeq,
  root: isHash,
  checkpoint: (value) => value === null || typeof value === "string",
  keys: areTexts,
  vouches: (value) => value === undefined || areTexts(value),
  records: (value) => areAll(value, (record) => areMembers(record, RECORD_MEMBERS)),
};

const RECORD_MEMBERS: typeof MEMBERS = {
  record: (value) => typeof value === "string",
  index: isSeq,
  path: (value) => areAll(value, isHash),
};

/** Whether it is an object with these members and no others. */
function areMembers(value: unknown, members: typeof MEMBERS): value is Members {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const known = Object.keys(value).every((name) => Object.hasOwn(members, name));
  return known && Object.entries(members).every(([name, is]) => is((value as Members)[name]));
}

/** What it says, if it is written as proofs are: no member stands there twice. */
function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    const spaces = text.startsWith("{\n") ? 2 : 0;
    return JSON.stringify(value, undefined, spaces) === text.trimEnd() ? value : undefined;
  } catch {
    return undefined;
  }
}

function areTexts(value: unknown): boolean {
  return (
    areAll(value, (item) => typeof item === "string") && (value as readonly unknown[]).length <= MAX_KEYS
  );
}

function areAll(value: unknown, is: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(is);
}

function isSeq(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isHash(value: unknown): boolean {
  return typeof value === "string" && /^[\da-f]{64}$/.test(value);
}
