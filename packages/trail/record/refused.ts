import type { Kind } from "./kind.ts";

/** `data` of a `refused` record: what was turned away before it was judged, counted; or a trail that is not signed any more. */
export type RefusedData = {
  readonly refused: readonly {
    /** Where; `trail`: while it could not be written, `checkpoint`: while it was to be signed. */
    readonly door: string;
    /** Our error code; `trail_not_extended`: the trail is not the one that was signed. */
    readonly code: string;
    readonly count: number;
    /** `<team>/<assistant>`, where it is known. */
    readonly assistant?: string;
  }[];
  /** For `trail_not_extended`: why, in a sentence. */
  readonly message?: string;
};

/** A `refused` record that is to be appended. It is no assistant's: what was turned away was not judged. */
export interface RefusedEntry {
  readonly kind: "refused";
  /** Epoch milliseconds. */
  readonly at: number;
  readonly team: null;
  readonly assistant: null;
  readonly receipt: null;
  /** Hash of the policies in force. */
  readonly policy: string;
  readonly data: RefusedData;
}

/** Builds the record of what was turned away. */
export function refusedEntry(
  data: RefusedData,
  { at, policy }: Pick<RefusedEntry, "at" | "policy">,
): RefusedEntry {
  return { kind: "refused", at, team: null, assistant: null, receipt: null, policy, data };
}

/** A `refused`'s commitments, and what it means to others. */
export const REFUSED: Kind = { commitments: [] };
