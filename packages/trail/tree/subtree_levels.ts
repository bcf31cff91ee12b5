/**
 * Levels of the complete subtrees that a tree of `size` leaves consists of, the largest first: 2^level leaves each.
 *
 * @throws {RangeError} when `size` is no safe integer from 0
 */
export function subtreeLevels(size: number): readonly number[] {
  if (!Number.isSafeInteger(size) || size < 0) throw new RangeError(`Cannot split a tree of size ${size}`);
  const bits = size.toString(2);
  return [...bits].flatMap((bit, index) => (bit === "1" ? [bits.length - 1 - index] : []));
}

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

/** The largest power of two below `size` (RFC 6962 §2.1 `k`), for a size from 2. */
export function splitPoint(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}
