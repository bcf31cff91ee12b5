import type { HashReader } from "./hash_reader.ts";
import { nodeHash } from "./hashes.ts";

/**
 * Root of the complete subtree of 2^level leaves, the `index`-th of its level, from at most 128 stored hashes.
 *
 * @throws {RangeError} when one of them is missing
 */
export async function subtreeHash(level: number, index: number, reader: HashReader): Promise<Uint8Array> {
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
