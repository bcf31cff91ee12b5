import type { HashReader } from "./hash_reader.ts";
import { nodeHash } from "./hashes.ts";
import { coveringLevels, subtreeLevels } from "./subtree_levels.ts";

/**
 * Roots of the complete subtrees that the leaves [from, to) consist of, the largest first: for the whole tree, the hashes
 * of its `Frontier`. `from` has to be where a subtree of that size can begin.
 *
 * @throws {RangeError} when a hash is missing
 */
export async function rangeFrontier(
  from: number,
  to: number,
  reader: HashReader,
): Promise<readonly Uint8Array[]> {
  return subtreeHashes(subtreeLevels(to - from), from, reader);
}

/**
 * Roots of the complete subtrees that the leaves [from, to) of a tree consist of, in their order (`coveringLevels`).
 *
 * @throws {RangeError} when a hash is missing
 */
export async function coveringHashes(
  from: number,
  to: number,
  reader: HashReader,
): Promise<readonly Uint8Array[]> {
  return subtreeHashes(coveringLevels(from, to), from, reader);
}

/**
 * Roots of complete subtrees that lie side by side from leaf `from` on, of these levels.
 *
 * @throws {RangeError} when a hash is missing
 */
async function subtreeHashes(
  levels: readonly number[],
  from: number,
  reader: HashReader,
): Promise<readonly Uint8Array[]> {
  const hashes: Uint8Array[] = [];
  let start = from;
  for (const level of levels) {
    hashes.push(await subtreeHash(level, start / 2 ** level, reader));
    start += 2 ** level;
  }
  return hashes;
}

/**
 * Root of the complete subtree of 2^level leaves, the `index`-th of its level, from at most 128 stored hashes.
 *
 * @throws {RangeError} when one of them is missing
 */
async function subtreeHash(level: number, index: number, reader: HashReader): Promise<Uint8Array> {
  const stored = level - (level % 8);
  const count = 2 ** (level - stored);
  let hashes = await reader.hashes(stored, index * count, count);
  if (hashes.length !== count) {
    throw new RangeError(`a hash of level ${stored} from index ${index * count} on is missing`);
  }
  while (hashes.length > 1) hashes = pairs(hashes);
  return hashes[0] as Uint8Array;
}

function pairs(hashes: readonly Uint8Array[]): readonly Uint8Array[] {
  return hashes.flatMap((left, index) => {
    const right = hashes[index + 1];
    return index % 2 === 0 && right !== undefined ? [nodeHash(left, right)] : [];
  });
}
