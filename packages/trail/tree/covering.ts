import { subtreeHashes } from "./_subtree_hashes.ts";
import type { HashReader } from "./hash_reader.ts";

/**
 * Levels of the complete subtrees that the leaves [from, to) of a tree consist of, in their order: each as large as its
 * place allows. From 0 they are `subtreeLevels(to)`; there are at most 2·log2(to) of them.
 */
export function coveringLevels(from: number, to: number): readonly number[] {
  const levels: number[] = [];
  for (let start = from; start < to; start += 2 ** (levels.at(-1) ?? 0)) {
    let level = 0;
    while (start % 2 ** (level + 1) === 0 && start + 2 ** (level + 1) <= to) level++;
    levels.push(level);
  }
  return levels;
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
