import { subtreeHashes } from "./_subtree_hashes.ts";
import { coveringLevels } from "./covering_levels.ts";
import type { HashReader } from "./hash_reader.ts";

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
