import { subtreeHashes } from "./_subtree_hashes.ts";
import type { HashReader } from "./hash_reader.ts";
import { subtreeLevels } from "./subtree_levels.ts";

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
