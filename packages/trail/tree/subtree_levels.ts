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
