/** A signed note, a checkpoint or a verifier key that is not written as C2SP wants it. */
export class NoteError extends Error {
  override readonly name = "NoteError";
  readonly code = "malformed_note";
}
