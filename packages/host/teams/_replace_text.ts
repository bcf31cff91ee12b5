import { open, readFile, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isSystemError } from "../system_error.ts";

/**
 * Replaces a file's text as a whole: whoever reads it sees the old text or the new one, also after a crash. Its mode and
 * a link to it stay.
 *
 * @throws {Error} when its text is no longer `before`, somebody else is replacing it, or it cannot be written
 */
export async function replaceText(
  file: string,
  { before, after }: { readonly before: string; readonly after: string },
): Promise<void> {
  let draft = file;
  try {
    const path = await realpath(file);
    // Beside the file, since only a rename within a folder is atomic. It is a lock too: only one can make it.
    draft = join(dirname(path), `.${basename(path)}.new`);
    const { mode } = await stat(path);
    const handle = await open(draft, "wx", mode & 0o777);
    try {
      if ((await readFile(path, "utf8")) !== before)
        throw new Error(`Cannot change "${file}": somebody else has just changed it, try again`);
      await handle.chmod(mode & 0o777);
      await handle.writeFile(after);
      await handle.sync();
      await rename(draft, path);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new Error(`Cannot change "${file}": ${REASONS[error.code]?.(draft) ?? error.code}`, {
      cause: error,
    });
  }
}

const REASONS: Readonly<Record<string, (draft: string) => string>> = {
  ENOENT: () => "it is not there",
  EEXIST: (draft) => `somebody else is changing it; if nobody is, remove "${draft}"`,
  EACCES: () => "this user may not write there",
  EPERM: () => "this user may not write there",
  EROFS: () => "its disk is read-only",
  ENOSPC: () => "its disk is full",
};
