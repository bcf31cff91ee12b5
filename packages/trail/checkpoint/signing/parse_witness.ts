import { NoteError, parseVerifierKey } from "../mod.ts";
import type { Witness } from "./witness.ts";

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
