import { createHash } from "node:crypto";

/** RFC 6962 §2.1 as it is written, recursive and without any thought of speed: what the real tree is compared with. */

/** `MTH(D[n])`, over leaves and not their hashes. */
export function naiveRoot(leaves: readonly Uint8Array[]): Buffer {
  if (leaves.length === 0) return sha256();
  const [first, k] = [leaves[0] as Uint8Array, splitOf(leaves.length)];
  if (leaves.length === 1) return sha256(Buffer.of(0), first);
  return sha256(Buffer.of(1), naiveRoot(leaves.slice(0, k)), naiveRoot(leaves.slice(k)));
}

/** `PATH(m, D[n])` */
export function naivePath(m: number, leaves: readonly Uint8Array[]): readonly Buffer[] {
  if (leaves.length === 1) return [];
  const k = splitOf(leaves.length);
  return m < k
    ? [...naivePath(m, leaves.slice(0, k)), naiveRoot(leaves.slice(k))]
    : [...naivePath(m - k, leaves.slice(k)), naiveRoot(leaves.slice(0, k))];
}

/** `PROOF(m, D[n])`, or `SUBPROOF(m, D[n], known)` */
export function naiveProof(m: number, leaves: readonly Uint8Array[], known = true): readonly Buffer[] {
  if (m === leaves.length) return known ? [] : [naiveRoot(leaves)];
  const k = splitOf(leaves.length);
  return m <= k
    ? [...naiveProof(m, leaves.slice(0, k), known), naiveRoot(leaves.slice(k))]
    : [...naiveProof(m - k, leaves.slice(k), false), naiveRoot(leaves.slice(0, k))];
}

function splitOf(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

function sha256(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}
