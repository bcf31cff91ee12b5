import { readdirSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** The variables that say where things are. */
export type Places = Readonly<Record<"TEAMS_DIR" | "DATA_DIR", string>>;

/**
 * Where the policies and the trail are for somebody who works in a folder below the repository's: beside each other in the
 * nearest folder above, up to that of the git checkout, which has policies. Undefined: there is nothing to look for, since the
 * folder has policies itself or is in no checkout, or nothing was found.
 */
export function findTeams(cwd: string): Places | undefined {
  if (hasPolicies(join(cwd, "teams"))) return undefined;
  // Nobody's folder above a checkout is looked into: it may be another user's.
  const above = foldersAbove(cwd);
  const top = [cwd, ...above].findIndex((folder) => exists(join(folder, ".git")));
  const root = above.slice(0, Math.max(0, top)).find((folder) => hasPolicies(join(folder, "teams")));
  if (root === undefined) return undefined;
  const from = relative(cwd, root);
  return { TEAMS_DIR: join(from, "teams"), DATA_DIR: join(from, "data") };
}

/** The nearest first. */
function foldersAbove(folder: string): readonly string[] {
  const above = dirname(folder);
  return above === folder ? [] : [above, ...foldersAbove(above)];
}

function hasPolicies(folder: string): boolean {
  try {
    return readdirSync(folder).some((name) => name.endsWith(".yaml"));
  } catch {
    return false;
  }
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
