import type { HashReader } from "./hash_reader.ts";
import { rootOf } from "./hashes.ts";
import { rangeFrontier } from "./subtree_hashes.ts";
import { splitPoint } from "./subtree_levels.ts";

/**
 * Proof that the leaf `index` is in the tree over the first `size` leaves: RFC 6962 §2.1.1 `PATH(index, D[size])`, from
 * the leaf's neighbour up. Reads at most 255 hashes of each stored level for each side.
 *
 * @throws {RangeError} when `index` is not below `size`, or a hash is missing
 */
export async function inclusionProof(
  index: number,
  size: number,
  reader: HashReader,
): Promise<readonly Uint8Array[]> {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) {
    throw new RangeError(`Cannot prove that leaf ${index} is in a tree of size ${size}`);
  }
  const ranges = pathRanges(index, size);
  return Promise.all(ranges.map(async ([from, to]) => rootOf(await rangeFrontier(from, to, reader))));
}

/** The subtrees beside the way from the leaf to the root, the lowest first, as [from, to). */
function pathRanges(index: number, size: number): readonly (readonly [number, number])[] {
  const ranges: [number, number][] = [];
  let [from, to] = [0, size];
  while (to - from > 1) {
    const middle = from + splitPoint(to - from);
    ranges.push(index < middle ? [middle, to] : [from, middle]);
    [from, to] = index < middle ? [from, middle] : [middle, to];
  }
  return ranges.reverse();
}
