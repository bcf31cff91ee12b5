/** The largest power of two below `size` (RFC 6962 §2.1 `k`), for a size from 2. */
export function splitPoint(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}
