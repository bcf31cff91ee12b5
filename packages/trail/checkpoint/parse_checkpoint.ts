import type { Checkpoint } from "./checkpoint.ts";
import { decodeBase64 } from "./decode_base64.ts";
import { NoteError } from "./note.ts";
import { parseNote } from "./parse_note.ts";

/**
 * Reads a C2SP checkpoint with its signatures, and verifies nothing. Extension lines are taken, since they are signed,
 * and mean nothing here.
 *
 * @throws {NoteError} when it is no signed note, or its text is no tree head
 */
export function parseCheckpoint(text: string): Checkpoint {
  const note = parseNote(text);
  const [origin = "", size = "", root = "", ...rest] = note.text.split("\n");
  if (origin === "" || rest.pop() !== "" || rest.includes(""))
    throw malformed("it must be three lines that are not empty");
  if (!/^(?:0|[1-9]\d{0,15})$/.test(size) || !Number.isSafeInteger(Number(size)))
    throw malformed("its second line must be a size in decimal");
  const hash = decodeBase64(root);
  if (hash?.length !== 32) throw malformed("its third line must be the base64 of 32 bytes");
  return { origin, size: Number(size), root: hash, note };
}

function malformed(why: string): NoteError {
  return new NoteError(`Cannot read a checkpoint: ${why}`);
}
