import type { HashReader } from "./hash_reader.ts";
import { nodeHash } from "./node_hash.ts";
import { rootOf } from "./root_of.ts";
import { subtreeLevels } from "./subtree_levels.ts";

/** RFC 6962 §2.1 `MTH(D[from:to])`, for a range that begins where a subtree of its size can. */
export async function rangeHash(from: number, to: number, reader: HashReader): Promise<Uint8Array> {
  const hashes: Uint8Array[] = [];
  let start = from;
  for (const level of subtreeLevels(to - from)) {
    hashes.push(await subtreeHash(level, start / 2 ** level, reader));
    start += 2 ** level;
  }
  return rootOf(hashes);
}

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
    throw new RangeError(`Cannot prove: a hash of level ${stored} from index ${index * count} on is missing`);
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
