import type { Note } from "./note.ts";
import type { VerifierKey } from "./verifier_key.ts";
import { verifySignature } from "./verify_signature.ts";

/** Which of the keys signed a note. */
export interface OpenedNote {
  /** Those with a valid signature, once each. */
  readonly signedBy: readonly VerifierKey[];
  /** Those in whose name there is a signature that is not valid: the note is not to be trusted. */
  readonly forgedFor: readonly VerifierKey[];
}

/** Verifies every signature of a note by a key among these; others are passed over (https://c2sp.org/signed-note). Total. */
export function openNote({ text, signatures }: Note, keys: Iterable<VerifierKey>): OpenedNote {
  const signedBy: VerifierKey[] = [];
  const forgedFor: VerifierKey[] = [];
  for (const key of keys) {
    const own = signatures.filter(({ name, id }) => name === key.name && id === key.id);
    if (own.length === 0) continue;
    const isValid = own.every((signature) => verifySignature(text, signature, key));
    (isValid ? signedBy : forgedFor).push(key);
  }
  return { signedBy, forgedFor };
}
