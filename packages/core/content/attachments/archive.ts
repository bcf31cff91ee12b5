/** What can be told of an archive without unpacking it. */
export interface Archive {
  /** Entries' names, at most 10,000. */
  readonly names: readonly string[];
  /** An entry needs a password, or the list itself cannot be read: nobody on the way can see what is inside. */
  readonly encrypted: boolean;
}

/** Entries that are looked at in one archive. */
export const MAX_ENTRIES = 10_000;
