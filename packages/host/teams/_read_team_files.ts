import { constants } from "node:fs";
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

/** Reads at most a little more than 1 MiB of a regular file. Links are followed; pipes and devices never block it. */
async function readTeamFile(path: string): Promise<ReadTeamFile> {
  try {
    const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const info = await file.stat();
      if (!info.isFile()) return { ok: false, message: "Cannot read file: it is not a regular file" };
      const buffer = Buffer.alloc(Math.min(info.size + 1, MAX_READ));
      let length = 0;
      for (;;) {
        const { bytesRead } = await file.read(buffer, length, buffer.length - length, length);
        length += bytesRead;
        if (bytesRead === 0 || length === buffer.length) break;
      }
      // It grew while it was read: what there is of it may end in the middle of a rule.
      if (length > info.size) return { ok: false, message: "Cannot read file: it is being written" };
      return { ok: true, bytes: buffer.subarray(0, length) };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return { ok: false, message: `Cannot read file: ${REASONS[error.code] ?? error.code}` };
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "it, or what it links to, is not there",
  EACCES: "this user may not read it",
  ELOOP: "its links lead in a circle",
  EISDIR: "it is a folder",
};
