import { formatNote, type NoteSignature, parseNote } from "./note.ts";

/**
 * The note with more signatures behind those that it has, so that it still begins with what was signed first. One of a key
 * that has signed before replaces its earlier one, unless that is among the `kept` first signatures (default: 1).
 *
 * @throws {NoteError} when it is no note
 */
export function addSignatures(note: string, more: readonly NoteSignature[], kept = 1): string {
  const { text, signatures } = parseNote(note);
  const isBy = (a: NoteSignature, b: NoteSignature) => a.name === b.name && a.id === b.id;
  const own = signatures.slice(0, kept);
  const fresh = more.filter((one) => !own.some((other) => isBy(one, other)));
  const others = signatures.slice(kept).filter((one) => !fresh.some((other) => isBy(one, other)));
  return formatNote({ text, signatures: [...own, ...others, ...fresh] });
}
