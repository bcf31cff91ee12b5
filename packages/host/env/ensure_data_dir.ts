import { constants } from "node:fs";
import { access, mkdir, stat } from "node:fs/promises";
import { isSystemError } from "../system_error.ts";

/** The permissions of people who are neither the owner nor in the group. */
const OTHERS = 0o007;

/**
 * Makes sure that the data folder is there, can be written to, and is closed to others: the trail, its signing key and
 * email bodies are in it. A new one gets mode 0700. The mode of one that is there is not changed, since it may be
 * somebody else's folder, named by mistake.
 *
 * @throws {Error} that says what to do
 */
export async function ensureDataDir(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    const { mode } = await stat(path);
    if (process.platform !== "win32" && (mode & OTHERS) !== 0) {
      const octal = (mode & 0o777).toString(8);
      throw new Error(
        `Cannot use data folder "${path}": its mode is ${octal}, so that others on this machine can get in; run chmod 700 on it, or choose another folder with DATA_DIR`,
      );
    }
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new Error(`Cannot use data folder "${path}": ${REASONS[error.code] ?? error.code}`, {
      cause: error,
    });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EEXIST: "it is a file, want a folder",
  ENOTDIR: "part of the path is a file, want a folder",
  EACCES: "this user may not write there",
  EPERM: "this user may not write there",
  EROFS: "its disk is read-only",
  ENOSPC: "its disk is full",
  ENAMETOOLONG: "its name is too long",
  ELOOP: "its links lead in a circle",
};
