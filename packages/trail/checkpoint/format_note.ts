import type { Note, NoteSignature } from "./note.ts";

/** The note as it is kept and sent (https://c2sp.org/signed-note). */
export function formatNote({ text, signatures }: Note): string {
  return `${text}\n${signatures.map(formatSignature).join("")}`;
}

/** A signature line with its line break. */
export function formatSignature({ name, id, signature }: NoteSignature): string {
  return `\u2014 ${name} ${Buffer.concat([Buffer.from(id, "hex"), signature]).toString("base64")}\n`;
}
