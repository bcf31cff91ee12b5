import { NoteError, parseVerifierKey, type VerifierKey } from "../mod.ts";

/** Somebody who watches that checkpoints only add to each other (https://c2sp.org/tlog-witness). */
export interface Witness {
  /** Its submission prefix, to which `/add-checkpoint` is added. */
  readonly url: string;
  /** Of type `cosignature`. */
  readonly key: VerifierKey;
}

/**
 * A witness from its address and its verifier key.
 *
 * @throws {NoteError} when the key is none, or not of a witness
 */
export function parseWitness({ url, key: text }: { readonly url: string; readonly key: string }): Witness {
  const key = parseVerifierKey(text);
  if (key.type !== "cosignature")
    throw new NoteError(
      `Cannot use the key of "${key.name}" as a witness': its type must be 4, cosignature/v1`,
    );
  return { url, key };
}
