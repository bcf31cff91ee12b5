import type { VerifierKey } from "../mod.ts";

/** Somebody who watches that checkpoints only add to each other (https://c2sp.org/tlog-witness). */
export interface Witness {
  /** Its submission prefix, to which `/add-checkpoint` is added. */
  readonly url: string;
  /** Of type `cosignature`. */
  readonly key: VerifierKey;
}
