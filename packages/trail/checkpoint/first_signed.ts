import { hash } from "node:crypto";
import { formatNote } from "./format_note.ts";
import type { Note } from "./note.ts";

/**
 * The note as it was signed first: with as many of its first signatures as make it hash to `digest`, the hexadecimal
 * SHA-256 in its record. Undefined: none do.
 */
export function firstSigned({ text, signatures }: Note, digest: string): Note | undefined {
  for (let count = 1; count <= signatures.length; count++) {
    const note = { text, signatures: signatures.slice(0, count) };
    if (hash("sha256", formatNote(note)) === digest) return note;
  }
  return undefined;
}
