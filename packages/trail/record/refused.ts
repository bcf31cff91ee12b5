import { type EntryFrame, type EntryOf, NOBODY } from "./frame.ts";
import type { Kind } from "./kind.ts";
import type { NotExtendedData } from "./not_extended.ts";
import { COUNT, listOf, objectOf, TEXT } from "./shape.ts";

/** `data` of a `refused` record: what was turned away before it was judged, counted. */
export type RefusedData = {
  readonly refused: readonly {
    /** Where; `trail`: while it could not be written. */
    readonly door: string;
    /** Our error code. */
    readonly code: string;
    readonly count: number;
    /** `<team>/<assistant>`, where it is known. */
    readonly assistant?: string;
  }[];
};

/** Builds the record of what was turned away. It is no assistant's: it was not judged. */
export function refusedEntry(
  refused: RefusedData["refused"],
  { at, policy }: Pick<EntryFrame, "at" | "policy">,
): EntryOf<"refused", RefusedData> {
  return { kind: "refused", at, ...NOBODY, policy, data: { refused } };
}

/** A `refused`'s words for people and commitments, and what it means to others. */
export const REFUSED: Kind<RefusedData | NotExtendedData> = {
  words: "members",
  shown: "members",
  shape: objectOf({ refused: listOf(objectOf({ door: TEXT, code: TEXT, count: COUNT })) }),
  shared: false,
  commitments: [],
};
