import { createHash } from "node:crypto";
import { join } from "node:path";
import { loadPolicies, type PolicyLoadResult } from "@countersign/core/policy";
import { replaceText } from "./_replace_text.ts";
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
    { sha256: (bytes) => createHash("sha256").update(bytes).digest("hex") },
  );
  if (result.ok) await replaceText(join(dir, name), { before, after });
  return result;
}
