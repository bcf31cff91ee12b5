import { hash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { loadPolicies, type PolicyLoadResult } from "@countersign/core/policy";
import { isSystemError } from "../system_error.ts";
import { replaceText } from "./_replace_text.ts";
import { hashTeams } from "./hash_teams.ts";
import { loadTeams } from "./load_teams.ts";

/**
 * Changes the text of one team's file. The file stays untouched when the folder's policies have a problem, before the
 * change or after it; otherwise the result is the policies as they are then.
 *
 * @throws {Error} when there is no such team, the file cannot be written, or somebody else changes it meanwhile
 */
export async function changeTeamFile(
  dir: string,
  team: string,
  change: (text: string) => string,
): Promise<PolicyLoadResult> {
  const loaded = await loadTeams(dir);
  if (!loaded.ok) return loaded;
  const name = `${team}.yaml`;
  const { files, teams } = loaded.policies;
  const before = files.find((file) => file.name === name)?.text;
  if (before === undefined || !teams.has(team))
    throw new Error(`Cannot change team "${team}": there is none`);

  const after = change(before);
  const result = loadPolicies(
    files.map((file) => ({
      name: file.name,
      file: join(dir, file.name),
      bytes: new TextEncoder().encode(file.name === name ? after : file.text),
    })),
    { sha256: (bytes) => hash("sha256", bytes) },
  );
  if (result.ok) await replaceText(join(dir, name), { before, after });
  return result;
}

/**
 * Changes the text of one team's file whatever else is wrong in the folder: only what takes rights away may be changed
 * so. The result is the folder's hash (`hashTeams`) after the change.
 *
 * @throws {Error} when there is no such file, it cannot be written, or somebody else changes it meanwhile
 */
export async function changeTeamFileAlone(
  dir: string,
  team: string,
  change: (text: string) => string,
): Promise<string> {
  const before = await readTeamText(dir, team);
  if (before === undefined) throw new Error(`Cannot change team "${team}": there is none`);
  await replaceText(join(dir, `${team}.yaml`), { before, after: change(before) });
  return hashTeams(dir);
}

/** The text of a team's file, whatever else is wrong in the folder; undefined: there is none, or it cannot be read. */
export async function readTeamText(dir: string, team: string): Promise<string | undefined> {
  // A team's name is a file's name: never a path.
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(team)) return undefined;
  try {
    return await readFile(join(dir, `${team}.yaml`), "utf8");
  } catch (error) {
    if (isSystemError(error)) return undefined;
    throw error;
  }
}
