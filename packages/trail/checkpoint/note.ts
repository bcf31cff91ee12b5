import { decodeBase64 } from "./decode_base64.ts";

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

/** The note as it is kept and sent (https://c2sp.org/signed-note). */
export function formatNote({ text, signatures }: Note): string {
  return `${text}\n${signatures.map(formatSignature).join("")}`;
}

/** A signature line with its line break. */
export function formatSignature({ name, id, signature }: NoteSignature): string {
  return `\u2014 ${name} ${Buffer.concat([Buffer.from(id, "hex"), signature]).toString("base64")}\n`;
}

/** A name that a key may have: not empty, no Unicode space, no plus, no control character. */
export const KEY_NAME: RegExp = /^[^\s+\p{Z}\p{Cc}\p{Cs}]{1,255}$/u;

/** The longest note that is read, in bytes, and the most signatures; C2SP wants at least 16 to be taken. */
const MAX_BYTES = 256 * 1024;
const MAX_SIGNATURES = 100;

/** What C2SP forbids in a note: control characters but the line break, and half a surrogate pair, which has no UTF-8. */
const FORBIDDEN = /[^\P{Cc}\n\u007f-\u009f]|\p{Cs}/u;

/**
 * Reads a C2SP signed note, and verifies nothing.
 *
 * @throws {NoteError} when it is none, too long, or has too many signatures
 */
export function parseNote(note: string): Note {
  if (note.length > MAX_BYTES || Buffer.byteLength(note) > MAX_BYTES)
    throw malformed(`it is longer than ${MAX_BYTES} bytes`);
  if (FORBIDDEN.test(note)) throw malformed("a control character is in it, or what is no text");
  const split = note.lastIndexOf("\n\n");
  if (split < 0) throw malformed("an empty line must stand before its signatures");
  return { text: note.slice(0, split + 1), signatures: parseSignatures(note.slice(split + 2)) };
}

/**
 * Reads signature lines alone, as a witness answers them.
 *
 * @throws {NoteError} when one of them is none, there is none, or there are too many
 */
export function parseSignatures(text: string): readonly NoteSignature[] {
  const lines = text.split("\n");
  if (lines.pop() !== "") throw malformed("its last line must end in a line break");
  if (lines.length === 0) throw malformed("a signature is missing");
  if (lines.length > MAX_SIGNATURES) throw malformed(`it has more than ${MAX_SIGNATURES} signatures`);
  return lines.map(parseSignature);
}

function parseSignature(line: string): NoteSignature {
  const [dash, name = "", base64 = "", ...rest] = line.split(" ");
  const bytes = decodeBase64(base64);
  if (dash !== "\u2014" || rest.length > 0 || !KEY_NAME.test(name) || bytes === undefined || bytes.length < 5)
    throw malformed("a line after its text is no signature");
  return {
    name,
    id: Buffer.from(bytes.subarray(0, 4)).toString("hex"),
    signature: bytes.subarray(4),
  };
}

function malformed(why: string): NoteError {
  return new NoteError(`Cannot read a signed note: ${why}`);
}
