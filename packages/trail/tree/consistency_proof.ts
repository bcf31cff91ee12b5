import type { HashReader } from "./hash_reader.ts";
import { rootOf } from "./hashes.ts";
import { rangeFrontier } from "./subtree_hashes.ts";
import { splitPoint } from "./subtree_levels.ts";

/**
 * Proof that the tree over the first `newSize` leaves only adds to the one over the first `oldSize`: RFC 6962 §2.1.2
 * `PROOF(oldSize, D[newSize])`. Empty when the sizes are equal or the old tree was empty.
 *
 * @throws {RangeError} when `oldSize` is above `newSize`, or a hash is missing
 */
export async function consistencyProof(
  oldSize: number,
  newSize: number,
  reader: HashReader,
): Promise<readonly Uint8Array[]> {
  if (!Number.isSafeInteger(oldSize) || !Number.isSafeInteger(newSize) || oldSize < 0 || oldSize > newSize) {
    throw new RangeError(`Cannot prove that a tree of size ${newSize} extends one of size ${oldSize}`);
  }
  if (oldSize === 0 || oldSize === newSize) return [];
  const ranges = proofRanges(oldSize, newSize);
  return Promise.all(ranges.map(async ([from, to]) => rootOf(await rangeFrontier(from, to, reader))));
}

/** RFC 6962 §2.1.2 `SUBPROOF`, as the ranges [from, to) whose hashes make the proof. */
function proofRanges(oldSize: number, newSize: number): readonly (readonly [number, number])[] {
  const ranges: [number, number][] = [];
  let [from, to] = [0, newSize];
  while (to !== oldSize) {
    const middle = from + splitPoint(to - from);
    ranges.push(oldSize <= middle ? [middle, to] : [from, middle]);
    [from, to] = oldSize <= middle ? [from, middle] : [middle, to];
  }
  // The verifier knows the old root already, if that is what is left.
  if (from > 0) ranges.push([from, to]);
  return ranges.reverse();
}
