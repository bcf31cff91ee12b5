import { MAX_HASHES } from "./fingerprint.ts";

/**
 * How alike two emails are by their `fingerprint`s, from 0 (nothing in common) to 1 (the same): twice what they
 * share over what they have (Dice). An email without words is like none.
 */
export function similarity(a: readonly number[], b: readonly number[]): number {
  const size = sampleSize(a, b);
  let shared = 0;
  let seen = 0;
  for (let i = 0, j = 0; seen < size; seen++) {
    const [left = Number.POSITIVE_INFINITY, right = Number.POSITIVE_INFINITY] = [a[i], b[j]];
    if (left === right) shared++;
    if (left <= right) i++;
    if (right <= left) j++;
  }
  return size === 0 ? 0 : (2 * shared) / (size + shared);
}

/** Complete lists are compared as a whole; of a list that was cut off, only the lowest hashes are known. */
function sampleSize(a: readonly number[], b: readonly number[]): number {
  if (a.length === 0 || b.length === 0) return 0;
  const union = new Set([...a, ...b]).size;
  return Math.max(a.length, b.length) < MAX_HASHES ? union : Math.min(union, MAX_HASHES);
}
