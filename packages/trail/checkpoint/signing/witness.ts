import { isWitnessKey, NoteError, parseVerifierKey, type VerifierKey } from "../mod.ts";

/** Somebody who watches that checkpoints only add to each other (https://c2sp.org/tlog-witness). */
export interface Witness {
  /** Its submission prefix, to which `/add-checkpoint` is added. */
  readonly url: string;
  /** Of type `cosignature` or `ml_dsa_cosignature`. */
  readonly key: VerifierKey;
}

/**
 * A witness from its address and its verifier key.
 *
 * @throws {NoteError} when the key is none, or not of a witness
 */
export function parseWitness({ url, key: text }: { readonly url: string; readonly key: string }): Witness {
  const key = parseVerifierKey(text);
  if (!isWitnessKey(key))
    throw new NoteError(
      `Cannot use the key of "${key.name}" as a witness': its type must be 4, cosignature/v1, or 6, ML-DSA-44`,
    );
  return { url, key };
}
