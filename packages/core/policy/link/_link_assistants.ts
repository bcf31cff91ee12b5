import { ACTION_NAMES } from "../../action/mod.ts";
import type { AssistantFile, TeamFile } from "../schema/team_file.ts";
import type { AssistantPolicy } from "../team_policy.ts";
import { type LinkHoursOptions, linkHours } from "./_link_hours.ts";
import { linkLimits } from "./_link_limits.ts";
import { type LinkedFile, placeIn } from "./linked_file.ts";

/** Reports go to many people at once: an assistant must be given them by name. */
const DEFAULT_ACTIONS = ACTION_NAMES.filter((name) => name !== "report");

/** The team's assistants by id. */
export function linkAssistants(
  team: LinkedFile<TeamFile>,
  options: LinkHoursOptions,
): ReadonlyMap<string, AssistantPolicy> {
  return new Map(
    team.content.assistants.map((assistant, index) => [
      assistant.id,
      linkAssistant(team, assistant, { path: `assistants[${index}]`, ...options }),
    ]),
  );
}

function linkAssistant(
  team: LinkedFile<TeamFile>,
  assistant: AssistantFile,
  { path, ...options }: LinkHoursOptions & { readonly path: string },
): AssistantPolicy {
  const { id, dust_agent, keys = [], actions = DEFAULT_ACTIONS, recipients, limits, hours } = assistant;
  return {
    id,
    ...(dust_agent !== undefined && { dustAgent: dust_agent }),
    keys,
    actions: new Set(actions),
    ...(recipients?.allow && {
      allow: options.names.recipients(team, `${path}.recipients.allow`, recipients.allow),
    }),
    limits: linkLimits([{ file: team, path: `${path}.limits`, limits }]),
    ...(hours && { hours: linkHours(team, { path: `${path}.hours`, hours }, options) }),
    where: placeIn(team, path),
  };
}
