import { opendir } from "node:fs/promises";
import { isSystemError } from "../system_error.ts";

/** More teams than this need another kind of product. */
const MAX_FILES = 20_000;

/** How many entries are read in one go. */
const TOGETHER = 512;

/** Policy files' names, sorted, or why there are none. */
export type ListedFiles =
  | { readonly ok: true; readonly names: readonly string[] }
  | { readonly ok: false; readonly message: string };

/**
 * The names in a folder that are meant to be policies: all YAML files but tests. `finance.yml` and `Finance.YAML` are
 * among them, so that they are refused and not passed over in silence.
 */
export async function listTeamFiles(dir: string): Promise<ListedFiles> {
  const names: string[] = [];
  try {
    for await (const entry of await opendir(dir, { bufferSize: TOGETHER })) {
      if (entry.isDirectory() || !isPolicyName(entry.name)) continue;
      if (names.length === MAX_FILES)
        return { ok: false, message: `Folder must not hold more than ${MAX_FILES} policies` };
      names.push(entry.name);
    }
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return { ok: false, message: `Cannot read the folder of policies: ${REASONS[error.code] ?? error.code}` };
  }
  return { ok: true, names: names.sort() };
}

function isPolicyName(name: string): boolean {
  return /\.ya?ml$/i.test(name) && !/_test\.ya?ml$/i.test(name) && !name.startsWith(".");
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such folder",
  ENOTDIR: "it is a file",
  EACCES: "this user may not read it",
};
