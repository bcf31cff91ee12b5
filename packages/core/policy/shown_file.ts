import type { PolicySet } from "./policy_set.ts";

/** A file beside the teams', as people name it: `teams/_organisation.yaml`. Without a team it is named alone. */
export function shownFile({ teams }: PolicySet, name: string): string {
  const [team] = teams.values();
  return `${team?.source.file.replace(/[^/]*$/, "") ?? ""}${name}`;
}
