/** Something in a trail that is not as it was appended. */
export interface TrailProblem {
  /** The first record that it concerns; null: the trail as a whole. */
  readonly seq: number | null;
  /**
   * `cut_off`: records at the end are gone. `rewritten`: records hash to another tree than the stored one, though each is
   * whole in itself. `forged`: signed by nobody who counts. `unproved`: what is asked cannot be told from what is there.
   */
  readonly what:
    | "changed"
    | "removed"
    | "added"
    | "reordered"
    | "cut_off"
    | "rewritten"
    | "forged"
    | "unproved";
  /** A sentence, without personal data. */
  readonly message: string;
}
