import { subtreeHash } from "./_subtree_hash.ts";
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
  const hashes: Uint8Array[] = [];
  let start = from;
  for (const level of coveringLevels(from, to)) {
    hashes.push(await subtreeHash(level, start / 2 ** level, reader));
    start += 2 ** level;
  }
  return hashes;
}
