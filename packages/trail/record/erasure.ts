import { type EntryFrame, type EntryOf, NOBODY } from "./frame.ts";
import { type Kind, WHO_AND_WHY } from "./kind.ts";
import { type Commitment, type SealedKind, Sealer } from "./sealed.ts";
import { COUNT, listOf, maybe, objectOf, TEXT } from "./shape.ts";

/** `data` of an `erasure` record: these values, and their salts, were erased in the same durable step. */
export type ErasureData = {
  /** Somebody asked for it, or the values were kept for as long as they may be. */
  readonly because: "person" | "retention";
  /** Who had it done, and why. */
  readonly by: Commitment | null;
  readonly reason: Commitment | null;
  /** Values erased one by one. */
  readonly commitments: readonly Commitment[];
  /** All values of these kinds that belong to records below `seq`. */
  readonly below: { readonly seq: number; readonly kinds: readonly SealedKind[] } | null;
};

/** What is erased for a person, and who had it done and why, as text. */
export interface PersonErasure {
  readonly commitments: readonly Commitment[];
  readonly by: string;
  readonly reason: string;
}

/** Builds the record that values of a person are erased, one by one; `at` in epoch milliseconds. */
export function personErasureEntry(
  { commitments, by, reason }: PersonErasure,
  at: number,
): EntryOf<"erasure", ErasureData> {
  const sealer = new Sealer();
  const who = { by: sealer.seal("text", by), reason: sealer.seal("text", reason) };
  const data: ErasureData = { because: "person", ...who, commitments, below: null };
  return { kind: "erasure", at, ...NOBODY, policy: null, data, sealed: sealer.values };
}

/** Builds the record that values were kept for as long as they may be. */
export function retentionEntry(
  below: NonNullable<ErasureData["below"]>,
  { at, policy }: Pick<EntryFrame, "at" | "policy">,
): EntryOf<"erasure", ErasureData> {
  const data: ErasureData = { because: "retention", by: null, reason: null, commitments: [], below };
  return { kind: "erasure", at, ...NOBODY, policy, data };
}

/** An `erasure`'s words for people and commitments, and what it means to others. Those that it erased are none of them. */
export const ERASURE: Kind<ErasureData> = {
  words: ({ because, commitments, below }) => {
    const what =
      below === null ? `${commitments.length} values` : `${below.kinds.join(" ")} below ${below.seq}`;
    return `erasure (${because}): ${what}`;
  },
  shown: "members",
  shape: objectOf({
    ...{ because: TEXT, commitments: listOf(TEXT) },
    below: maybe(objectOf({ seq: COUNT, kinds: listOf(TEXT) })),
  }),
  shared: true,
  commitments: WHO_AND_WHY,
  person: "by",
};
