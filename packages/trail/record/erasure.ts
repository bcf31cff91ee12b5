import { type Kind, WHO_AND_WHY } from "./kind.ts";
import type { Commitment, SealedKind } from "./sealed.ts";

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

/** An `erasure`'s commitments, and what it means to others. Those that it erased are none of them. */
export const ERASURE: Kind = { commitments: WHO_AND_WHY, person: "by" };
