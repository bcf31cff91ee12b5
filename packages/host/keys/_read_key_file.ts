import { open } from "node:fs/promises";
import { isSystemError } from "../system_error.ts";

/** A key is never longer, in bytes. */
const MAX_BYTES = 16 * 1024;

/** The permissions of everybody but the owner. */
const OTHERS = 0o077;

/**
 * The text of a file with a private key, which nobody but its owner may read.
 *
 * @throws {Error} that says what to do
 */
export async function readKeyFile(path: string): Promise<string> {
  try {
    const file = await open(path, "r");
    try {
      const { mode, size } = await file.stat();
      if (process.platform !== "win32" && (mode & OTHERS) !== 0) {
        const octal = (mode & 0o777).toString(8);
        throw new Error(
          `Cannot use the signing key "${path}": its mode is ${octal}, so that others can read it; run chmod 600 on it, or make a new one if somebody may have`,
        );
      }
      if (size > MAX_BYTES) throw new Error(`Cannot use the signing key "${path}": it is too long to be one`);
      return await file.readFile("utf8");
    } finally {
      await file.close();
    }
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const why = REASONS[error.code] ?? error.code;
    throw new Error(`Cannot read the signing key "${path}": ${why}`, { cause: error });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "this user may not read it",
  ENOTDIR: "part of the path is a file",
  EISDIR: "it is a folder",
};
