/** Where checkpoints are put besides the trail and its own folder. */
export type Destination =
  /** A folder that is there already. */
  | { readonly kind: "file"; readonly path: string }
  /** Gets each note by POST. */
  | { readonly kind: "url"; readonly url: string };
