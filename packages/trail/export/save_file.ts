import { type FileHandle, link, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/**
 * Writes a file that its owner alone can read, piece by piece: under a temporary name beside it, and under its own only
 * when all of it is on disk. Never overwrites.
 *
 * @throws {Error} when there is such a file already, or it cannot be written; then nothing is left of it
 */
export async function saveFile(path: string, chunks: AsyncIterable<string | Uint8Array>): Promise<void> {
  const partial = join(dirname(path), `.${basename(path)}.${process.pid}.partial`);
  const file = await openNew(partial, path);
  try {
    await writeAll(file, chunks);
    await file.sync();
    await file.close();
    await giveName(partial, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code === undefined ? error : unwritable(path, error);
  } finally {
    await file.close().catch(() => {});
    await rm(partial, { force: true });
  }
}

/** A link, unlike a rename, does not replace what came there meanwhile. Some network and USB file systems have none. */
async function giveName(partial: string, path: string): Promise<void> {
  try {
    await link(partial, path);
  } catch (error) {
    if (!NO_LINKS.includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    await (await open(path, "wx", 0o600)).close();
    await rename(partial, path);
  }
}

const NO_LINKS: readonly string[] = ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"];

async function openNew(partial: string, path: string): Promise<FileHandle> {
  try {
    return await open(partial, "wx", 0o600);
  } catch (error) {
    throw unwritable(path, error);
  }
}

async function writeAll(file: FileHandle, chunks: AsyncIterable<string | Uint8Array>): Promise<void> {
  let waiting: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    const part = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
    waiting.push(part);
    bytes += part.length;
    if (bytes < BLOCK) continue;
    await file.appendFile(Buffer.concat(waiting));
    [waiting, bytes] = [[], 0];
  }
  await file.appendFile(Buffer.concat(waiting));
}

const BLOCK = 1024 * 1024;

function unwritable(path: string, error: unknown): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  const why = code === "EEXIST" ? "there is such a file already, and nothing is overwritten" : message;
  return new Error(`Cannot write "${path}": ${why}`, { cause: error });
}
