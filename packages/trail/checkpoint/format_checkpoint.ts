import type { TreeHead } from "../tree/tree_head.ts";
import { NoteError } from "./note.ts";

/**
 * The text of a checkpoint, to be signed (https://c2sp.org/tlog-checkpoint).
 *
 * @throws {NoteError} when the origin is not one line
 */
export function formatCheckpoint(origin: string, { size, root }: TreeHead): string {
  if (!/^[^\p{Cc}\p{Cs}]+$/u.test(origin)) throw new NoteError("Cannot use this origin: it must be one line");
  return `${origin}\n${size}\n${Buffer.from(root).toString("base64")}\n`;
}
