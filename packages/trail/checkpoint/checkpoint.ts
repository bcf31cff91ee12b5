import type { TreeHead } from "../tree/tree_head.ts";
import { decodeBase64 } from "./decode_base64.ts";
import { type Note, NoteError, parseNote } from "./note.ts";

/** A signed tree head (https://c2sp.org/tlog-checkpoint). Nothing is said about whether a signature is valid. */
export interface Checkpoint extends TreeHead {
  /** Names the trail. */
  readonly origin: string;
  readonly note: Note;
}

/**
 * The text of a checkpoint, to be signed (https://c2sp.org/tlog-checkpoint).
 *
 * @throws {NoteError} when the origin is not one line
 */
export function formatCheckpoint(origin: string, { size, root }: TreeHead): string {
  if (!/^[^\p{Cc}\p{Cs}]+$/u.test(origin)) throw new NoteError("Cannot use this origin: it must be one line");
  return `${origin}\n${size}\n${Buffer.from(root).toString("base64")}\n`;
}

/**
 * Reads a C2SP checkpoint with its signatures, and verifies nothing. Extension lines are taken, since they are signed,
 * and mean nothing here.
 *
 * @throws {NoteError} when it is no signed note, or its text is no tree head
 */
export function parseCheckpoint(text: string): Checkpoint {
  const note = parseNote(text);
  return { ...readTreeHead(note.text), note };
}

/** The tree head in the text of a checkpoint; undefined: it is none. */
export function parseTreeHead(text: string): (TreeHead & { readonly origin: string }) | undefined {
  try {
    return readTreeHead(text);
  } catch {
    return undefined;
  }
}

function readTreeHead(text: string): TreeHead & { readonly origin: string } {
  const [origin = "", size = "", root = "", ...rest] = text.split("\n");
  if (origin === "" || rest.pop() !== "" || rest.includes(""))
    throw malformed("it must be three lines that are not empty");
  if (!/^(?:0|[1-9]\d{0,15})$/.test(size) || !Number.isSafeInteger(Number(size)))
    throw malformed("its second line must be a size in decimal");
  const hash = decodeBase64(root);
  if (hash?.length !== 32) throw malformed("its third line must be the base64 of 32 bytes");
  return { origin, size: Number(size), root: hash };
}

function malformed(why: string): NoteError {
  return new NoteError(`Cannot read a checkpoint: ${why}`);
}
