import type { TrailProof } from "./trail_proof.ts";

/**
 * Reads a proof as it is written in JSON.
 *
 * @throws {Error} when it is none
 */
export function parseProof(text: string): TrailProof {
  const proof = parse(text);
  const { format, size, root, checkpoint, keys, records } = proof;
  const isProof =
    format === "countersign-proof@v1" &&
    isSeq(size) &&
    isHash(root) &&
    (checkpoint === null || typeof checkpoint === "string") &&
    areAll(keys, (key) => typeof key === "string") &&
    areAll(records, isProvedRecord);
  if (!isProof) throw new Error('Cannot read a proof: its format must be "countersign-proof@v1"');
  return proof as unknown as TrailProof;
}

function isProvedRecord(value: unknown): boolean {
  const { record, index, path } = (value ?? {}) as Record<string, unknown>;
  return typeof record === "string" && isSeq(index) && areAll(path, isHash);
}

function parse(text: string): Record<string, unknown> {
  try {
    return (JSON.parse(text) ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
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
