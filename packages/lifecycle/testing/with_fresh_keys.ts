import { createAssistantKey } from "@countersign/host";
import type { TeamTexts } from "./link_teams.ts";

/** Team files in which `KEY` was replaced by the hash of a fresh key, and the keys by `team/assistant`. */
export interface KeyedTeams {
  readonly teams: TeamTexts;
  readonly keys: ReadonlyMap<string, string>;
}

/** Makes a key for every assistant whose line in a team file says `KEY`. */
export function withFreshKeys(teams: TeamTexts): KeyedTeams {
  const keys = new Map<string, string>();
  const withHashes = Object.entries(teams).map(([name, text]) => {
    const team = name.replace(".yaml", "");
    const replaced = text.replaceAll(/id: ([\w-]+)(.*)KEY/g, (_, id: string, between: string) => {
      const { key, hash } = createAssistantKey();
      keys.set(`${team}/${id}`, key);
      return `id: ${id}${between}${hash}`;
    });
    return [name, replaced];
  });
  return { teams: Object.fromEntries(withHashes), keys };
}
