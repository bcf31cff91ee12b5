import { nodeHash, rootOf } from "./hashes.ts";
import { subtreeLevels } from "./subtree_levels.ts";

/** What a consistency proof says. */
export interface ConsistencyClaim {
  readonly oldSize: number;
  readonly oldRoot: Uint8Array;
  readonly newSize: number;
  readonly newRoot: Uint8Array;
}

/**
 * Whether `proof` proves that the new tree only adds to the old one (RFC 9162 §2.1.4.2). Every tree extends the empty
 * one, and needs no proof for it. Total.
 */
export function verifyConsistency(
  { oldSize, oldRoot, newSize, newRoot }: ConsistencyClaim,
  proof: readonly Uint8Array[],
): boolean {
  if (!Number.isSafeInteger(oldSize) || !Number.isSafeInteger(newSize)) return false;
  if (oldSize < 0 || oldSize > newSize) return false;
  if ([oldRoot, newRoot, ...proof].some(({ length }) => length !== 32)) return false;
  if (oldSize === newSize) return proof.length === 0 && isSame(oldRoot, newRoot);
  if (oldSize === 0) return proof.length === 0 && isSame(oldRoot, rootOf([]));
  // An old tree that is one complete subtree is the proof's first hash, left out.
  const [first, ...rest] = subtreeLevels(oldSize).length === 1 ? [oldRoot, ...proof] : proof;
  if (first === undefined || proof.length === 0) return false;
  let [fn, sn] = [oldSize - 1, newSize - 1];
  while (fn % 2 === 1) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  let [older, newer] = [first, first];
  for (const hash of rest) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      older = nodeHash(hash, older);
      newer = nodeHash(hash, newer);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn / 2, Math.floor(sn / 2)];
    } else {
      newer = nodeHash(newer, hash);
    }
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  }
  return sn === 0 && isSame(older, oldRoot) && isSame(newer, newRoot);
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
