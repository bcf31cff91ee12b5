import type { KeyObject } from "node:crypto";
import type { SigningKeyData } from "../../record/signing_key.ts";
import { createNoteSigner, type NoteSigner, parseVerifierKey } from "../mod.ts";

/** A key on record whose private key is at hand. */
export interface Predecessor {
  readonly entry: SigningKeyData;
  readonly signer: NoteSigner;
}

/**
 * The latest key on record that is one of these, under whatever name. Others may be on record after it: another gateway's, or
 * one that somebody put there who can write the trail.
 */
export function findPredecessor(
  history: readonly SigningKeyData[],
  keys: readonly (KeyObject | undefined)[],
): Predecessor | undefined {
  for (const entry of history.toReversed()) {
    const { name, text } = parseVerifierKey(entry.verifier);
    for (const key of keys) {
      const signer = key && createNoteSigner(name, key);
      if (signer?.key.text === text) return { entry, signer };
    }
  }
  return undefined;
}
