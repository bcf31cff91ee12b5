import { listTeamFiles } from "./_list_team_files.ts";
import { readTeamFiles } from "./_read_team_files.ts";
import { sha256 } from "./_sha256.ts";

/**
 * Names what lies in a folder of policies, without judging it: it changes when a file's name or bytes do, or when one
 * can be read no longer. For policies without problems it is their `PolicySet.hash`. Never throws.
 */
export async function hashTeams(dir: string): Promise<string> {
  const listed = await listTeamFiles(dir);
  if (!listed.ok) return sha256(listed.message);
  let lines = "";
  for await (const { name, read } of readTeamFiles(dir, listed.names)) {
    lines += `${read.ok ? sha256(read.bytes) : read.message}  ${name}\n`;
  }
  return sha256(lines);
}
