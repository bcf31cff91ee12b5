import { hash } from "node:crypto";

/** SHA-256 of a zero byte and the leaf's bytes (RFC 6962 §2.1); a string counts as its UTF-8. 32 bytes. */
export function leafHash(leaf: string | Uint8Array): Uint8Array {
  return sha256(typeof leaf === "string" ? `\0${leaf}` : Buffer.concat([ZERO, leaf]));
}

const ZERO = Buffer.of(0);

/** SHA-256 of a one byte, the left and the right hash (RFC 6962 §2.1). 32 bytes. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  input.set(left, 1);
  input.set(right, 33);
  return sha256(input);
}

/** Hashing is synchronous, so one buffer serves every call. */
const input = Buffer.alloc(65, 1);

/** SHA-256 as 32 bytes. By way of a string, whose bytes come from a pool: a buffer of its own for each costs twice the time. */
function sha256(input: string | Uint8Array): Uint8Array {
  return Buffer.from(hash("sha256", input, "binary"), "latin1");
}

/**
 * The root over subtrees that lie side by side, the largest first, as a `Frontier` holds them. Without any: the root of
 * the empty tree, which is the SHA-256 of nothing (RFC 6962 §2.1).
 */
export function rootOf(subtrees: readonly Uint8Array[]): Uint8Array {
  if (subtrees.length === 0) return sha256("");
  return subtrees.reduceRight((right, left) => nodeHash(left, right));
}
