/** A text and who signed it (https://c2sp.org/signed-note). Nothing is said about whether a signature is valid. */
export interface Note {
  /** Ends in a line break. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** A signature line of a note. */
export interface NoteSignature {
  /** Of the key: without spaces and plus signs. */
  readonly name: string;
  /** Of the key: 8 hexadecimal digits. Name and id together tell which key signed. */
  readonly id: string;
  /** What follows the key's id: at least a byte. */
  readonly signature: Uint8Array;
}

/** A signed note, a checkpoint or a verifier key that is not written as C2SP wants it. */
export class NoteError extends Error {
  override readonly name = "NoteError";
  readonly code = "malformed_note";
}
