import { SeenTeams } from "./seen_teams.ts";

/**
 * Names what lies in a folder of policies, without judging it: it changes when a file's name or bytes do, or when one
 * can be read no longer. For policies without problems it is their `PolicySet.hash`. Never throws.
 */
export async function hashTeams(dir: string): Promise<string> {
  return (await new SeenTeams(dir).look()).hash;
}
