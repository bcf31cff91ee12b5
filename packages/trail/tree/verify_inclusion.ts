import { nodeHash } from "./hashes.ts";

/** What an inclusion proof says. */
export interface InclusionClaim {
  readonly index: number;
  readonly size: number;
  /** Leaf hash, 32 bytes. */
  readonly leaf: Uint8Array;
  readonly root: Uint8Array;
}

/** Whether `proof` proves that the leaf is in the tree of that size and root (RFC 9162 §2.1.3.2). Total. */
export function verifyInclusion(
  { index, size, leaf, root }: InclusionClaim,
  proof: readonly Uint8Array[],
): boolean {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return false;
  if ([leaf, root, ...proof].some(({ length }) => length !== 32)) return false;
  let [fn, sn, hash] = [index, size - 1, leaf];
  for (const sibling of proof) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      hash = nodeHash(sibling, hash);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn / 2, Math.floor(sn / 2)];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  }
  return sn === 0 && Buffer.compare(hash, root) === 0;
}
