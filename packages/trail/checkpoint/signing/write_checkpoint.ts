import { randomUUID } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { readLatestCheckpoint } from "./read_latest_checkpoint.ts";

/** A note and the size of the tree that it is about. */
export interface SizedNote {
  readonly size: number;
  readonly note: string;
}

/** Digits of the largest size, so that names sort as sizes do. */
const DIGITS = 16;

/**
 * Writes a checkpoint into a folder as `<size>.txt` and, unless that one is about a larger tree, as `latest.txt`. Each file
 * is whole at any time, on disk on return, and readable by its owner alone.
 *
 * @throws {Error} of the operating system
 */
export async function writeCheckpoint(folder: string, { size, note }: SizedNote): Promise<void> {
  await replace(folder, `${String(size).padStart(DIGITS, "0")}.txt`, note);
  const latest = await readLatestCheckpoint(folder).catch(() => undefined);
  if (latest === undefined || latest.size <= size) await replace(folder, "latest.txt", note);
  const directory = await open(folder, "r");
  try {
    await directory.sync();
  } catch (error) {
    // Some network file systems cannot sync a folder; the files themselves are on disk.
    if (!(error instanceof Error && "code" in error && error.code === "EINVAL")) throw error;
  } finally {
    await directory.close();
  }
}

async function replace(folder: string, name: string, text: string): Promise<void> {
  const draft = join(folder, `.${name}.${randomUUID()}`);
  try {
    const file = await open(draft, "wx", 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, join(folder, name));
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
