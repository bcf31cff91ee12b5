import { nodeHash, sha256 } from "./hashes.ts";

/**
 * The root over subtrees that lie side by side, the largest first, as a `Frontier` holds them. Without any: the root of
 * the empty tree, which is the SHA-256 of nothing (RFC 6962 §2.1).
 */
export function rootOf(subtrees: readonly Uint8Array[]): Uint8Array {
  if (subtrees.length === 0) return sha256("");
  return subtrees.reduceRight((right, left) => nodeHash(left, right));
}
