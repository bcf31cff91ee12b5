import { hash } from "node:crypto";
import { listTeamFiles } from "./_list_team_files.ts";
import { readTeamFiles } from "./_read_team_files.ts";

/**
 * Names what lies in a folder of policies, without judging it: it changes when a file's name or bytes do, or when one
 * can be read no longer. For policies without problems it is their `PolicySet.hash`. Never throws.
 */
export async function hashTeams(dir: string): Promise<string> {
  const listed = await listTeamFiles(dir);
  if (!listed.ok) return hash("sha256", listed.message);
  let lines = "";
  for await (const { name, read } of readTeamFiles(dir, listed.names)) {
    lines += `${read.ok ? hash("sha256", read.bytes) : read.message}  ${name}\n`;
  }
  return hash("sha256", lines);
}
