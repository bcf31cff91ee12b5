import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from "node:fs";
import { open } from "node:fs/promises";
import { resolve } from "node:path";
import type { PolicyFile } from "@countersign/core/policy";
import { isSystemError } from "../system_error.ts";

/** How many files are open at a time. */
const READERS = 32;

/** A file of the folder, and what could be read of it. */
export interface TeamFileRead {
  readonly name: string;
  readonly read: ReadTeamFile;
}

/** Reads these files of a folder, in their order, a few together. */
export async function* readTeamFiles(dir: string, names: readonly string[]): AsyncGenerator<TeamFileRead> {
  for (let start = 0; start < names.length; start += READERS) {
    const batch = names.slice(start, start + READERS);
    yield* await Promise.all(
      batch.map(async (name) => ({ name, read: await readTeamFile(resolve(dir, name)) })),
    );
  }
}

/** Reads these files of a folder at once, one after the other: for whoever has nothing else to do. */
export function* readTeamFilesNow(dir: string, names: readonly string[]): Generator<TeamFileRead> {
  for (const name of names) yield { name, read: readTeamFileNow(resolve(dir, name)) };
}

/** Reads these files of a folder, which people see as `folder`. Undefined: some cannot be read. */
export async function readPolicyFiles(
  dir: string,
  names: readonly string[],
  folder: string,
): Promise<readonly PolicyFile[] | undefined> {
  const files: PolicyFile[] = [];
  for await (const { name, read } of readTeamFiles(dir, names)) {
    if (!read.ok) return undefined;
    files.push({ name, file: `${folder}/${name}`, bytes: read.bytes });
  }
  return files;
}

/** One byte more than a policy may have: enough to see that it is too large. */
const MAX_READ = 1024 * 1024 + 1;

/** A file's bytes, or why they could not be read. */
type ReadTeamFile =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly message: string };

/** Links are followed; pipes and devices never block it. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Reads at most a little more than 1 MiB of a regular file. */
async function readTeamFile(path: string): Promise<ReadTeamFile> {
  try {
    const file = await open(path, FLAGS);
    try {
      const info = await file.stat();
      if (!info.isFile()) return NOT_REGULAR;
      const buffer = bufferFor(info);
      let length = 0;
      for (;;) {
        const { bytesRead } = await file.read(buffer, length, buffer.length - length, length);
        length += bytesRead;
        if (bytesRead === 0 || isRead(length, info)) return readOf(buffer, length, info);
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    return unreadable(error);
  }
}

/** Does the same at once: in a fifth of the time, in which nothing else is done. */
function readTeamFileNow(path: string): ReadTeamFile {
  try {
    const file = openSync(path, FLAGS);
    try {
      const info = fstatSync(file);
      if (!info.isFile()) return NOT_REGULAR;
      const buffer = bufferFor(info);
      let length = 0;
      for (;;) {
        const bytesRead = readSync(file, buffer, length, buffer.length - length, length);
        length += bytesRead;
        if (bytesRead === 0 || isRead(length, info)) return readOf(buffer, length, info);
      }
    } finally {
      closeSync(file);
    }
  } catch (error) {
    return unreadable(error);
  }
}

const NOT_REGULAR: ReadTeamFile = { ok: false, message: "Cannot read file: it is not a regular file" };

/** A byte longer than the file, so that its growing shows. */
function bufferFor({ size }: Stats): Buffer {
  return Buffer.alloc(Math.min(size + 1, MAX_READ));
}

/** Whether a read that asked for more came to the file's end, or to where it is too large. */
function isRead(length: number, { size }: Stats): boolean {
  return length >= Math.min(size, MAX_READ);
}

function readOf(buffer: Buffer, length: number, { size }: Stats): ReadTeamFile {
  // It grew while it was read: what there is of it may end in the middle of a rule.
  if (length > size) return { ok: false, message: "Cannot read file: it is being written" };
  return { ok: true, bytes: buffer.subarray(0, length) };
}

function unreadable(error: unknown): ReadTeamFile {
  if (!isSystemError(error)) throw error;
  return { ok: false, message: `Cannot read file: ${REASONS[error.code] ?? error.code}` };
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "it, or what it links to, is not there",
  EACCES: "this user may not read it",
  ELOOP: "its links lead in a circle",
  EISDIR: "it is a folder",
};
