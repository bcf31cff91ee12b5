import { type Note, NoteError, parseNote } from "./note.ts";
import type { VerifierKey } from "./verifier_key.ts";
import { parseVerifierKey } from "./verifier_key.ts";

/**
 * What a signing key signs to name its successor, by the successor's verifier key. It is no checkpoint, whose second line
 * is a number.
 */
export function vouchText(verifier: string): string {
  return `countersign signing key\n${verifier}\n`;
}

/**
 * Reads a signed note by which a key names its successor, and verifies nothing.
 *
 * @throws {NoteError} when it is none
 */
export function parseVouch(text: string): { readonly successor: VerifierKey; readonly note: Note } {
  const note = parseNote(text);
  const [, verifier = ""] = note.text.split("\n");
  const successor = parseVerifierKey(verifier);
  if (note.text !== vouchText(verifier) || successor.type !== "ed25519")
    throw new NoteError("Cannot read a vouch: it must name a key that signs");
  return { successor, note };
}
