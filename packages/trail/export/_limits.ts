/** Records between two lines of leaves: a tile of the tree (C2SP tlog-tiles). */
export const TILE = 256;

/** Bytes of a line that are read at most. A sealed attachment is the longest that there is. */
export const MAX_LINE: number = 64 * 1024 * 1024;

/** Bytes of lines in one part of an evidence pack, about. */
export const PART_BYTES: number = 8 * 1024 * 1024;

/** Bytes of checkpoints that are read at most, a kilobyte for each beside its text. */
export const MAX_NOTES: number = 512 * 1024 * 1024;

/** Bytes of values beside one record that are read at most. */
export const MAX_BESIDE: number = 256 * 1024 * 1024;
