import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { type Checkpoint, NoteError, parseCheckpoint } from "../mod.ts";

/** A note is never longer. */
const MAX_BYTES = 1024 * 1024;

/**
 * The checkpoint in a folder's `latest.txt`; undefined: there is none.
 *
 * @throws {NoteError} when it is no checkpoint
 * @throws {Error} of the operating system
 */
export async function readLatestCheckpoint(folder: string): Promise<Checkpoint | undefined> {
  const path = join(folder, "latest.txt");
  try {
    if ((await stat(path)).size > MAX_BYTES) throw new NoteError("Cannot read a checkpoint: it is too long");
    return parseCheckpoint(await readFile(path, "utf8"));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
