import { ACTION_NAMES } from "../../action/mod.ts";
import type { AssistantFile, TeamFile } from "../schema/team_file.ts";
import type { AssistantPolicy } from "../team_policy.ts";
import { linkLimits } from "./_link_limits.ts";
import type { LinkedNames } from "./_link_names.ts";
import { type LinkedFile, placeIn } from "./linked_file.ts";

/** Reports go to many people at once: an assistant must be given them by name. */
const DEFAULT_ACTIONS = ACTION_NAMES.filter((name) => name !== "report");

/** The team's assistants by id. */
export function linkAssistants(
  team: LinkedFile<TeamFile>,
  names: LinkedNames,
): ReadonlyMap<string, AssistantPolicy> {
  return new Map(
    team.content.assistants.map((assistant, index) => [
      assistant.id,
      linkAssistant(team, assistant, { path: `assistants[${index}]`, names }),
    ]),
  );
}

function linkAssistant(
  team: LinkedFile<TeamFile>,
  assistant: AssistantFile,
  { path, names }: { readonly path: string; readonly names: LinkedNames },
): AssistantPolicy {
  const { id, dust_agent, keys = [], actions = DEFAULT_ACTIONS, recipients, limits } = assistant;
  return {
    id,
    ...(dust_agent !== undefined && { dustAgent: dust_agent }),
    keys,
    actions: new Set(actions),
    ...(recipients?.allow && { allow: names.recipients(team, `${path}.recipients.allow`, recipients.allow) }),
    limits: linkLimits([{ file: team, path: `${path}.limits`, limits }]),
    where: placeIn(team, path),
  };
}
