/** What can be told of an archive without unpacking it. */
export interface Archive {
  /** Entries' names, at most 10,000. */
  readonly names: readonly string[];
  /** An entry needs a password, or the list itself is locked: nobody on the way can see what is inside. */
  readonly encrypted: boolean;
  /** Every byte belongs to the list or to something on it, and every reader sees the same list. */
  readonly complete: boolean;
}

/** Entries that are looked at in one archive. */
export const MAX_ENTRIES = 10_000;
