/** The hashes that lie one after the other in `bytes`; the last may be cut. */
export function splitHashes(bytes: Uint8Array): readonly Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / 32) }, (_, index) =>
    bytes.subarray(index * 32, index * 32 + 32),
  );
}
