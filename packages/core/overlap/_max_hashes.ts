/** Enough for an estimate within 0.05; most emails have fewer shingles than this, and are compared exactly. */
export const MAX_HASHES = 256;
