import { subtreeHash } from "./_subtree_hash.ts";
import type { HashReader } from "./hash_reader.ts";

/**
 * Roots of complete subtrees that lie side by side from leaf `from` on, of these levels.
 *
 * @throws {RangeError} when a hash is missing
 */
export async function subtreeHashes(
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
