/** Levels of which a trail keeps every hash: leaves, and roots of complete subtrees of 256, 256², … (C2SP tlog-tiles). */
export const STORED_LEVELS: readonly number[] = [0, 8, 16, 24, 32, 40, 48];

/** Where a tree's stored hashes are read from. */
export interface HashReader {
  /**
   * `count` hashes of one stored level from index `first` on: the `index`-th hash of `level` is the root over the
   * leaves from `index * 2^level` on. Fewer when there are fewer.
   */
  hashes(level: number, first: number, count: number): Promise<readonly Uint8Array[]>;
}
