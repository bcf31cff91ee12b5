import { ACTION_NAMES } from "../../action/mod.ts";
import type { AssistantFile, TeamFile } from "../schema/team_file.ts";
import type { UsersFile } from "../schema/users.ts";
import type { AssistantPolicy, UsersPolicy } from "../team_policy.ts";
import { type LinkHoursOptions, linkHours } from "./_link_hours.ts";
import { linkLimits } from "./_link_limits.ts";
import type { LinkedNames } from "./_link_names.ts";
import { type LinkedFile, locatedIn, placeIn } from "./linked_file.ts";

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
  const {
    id,
    dust_agent,
    keys = [],
    actions = DEFAULT_ACTIONS,
    recipients,
    limits,
    hours,
    users,
  } = assistant;
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
    ...(users?.sign_in === "required" && {
      users: linkUsers(team, { path: `${path}.users`, users }, options.names),
    }),
    where: placeIn(team, path),
  };
}

function linkUsers(
  team: LinkedFile<TeamFile>,
  { path, users }: { readonly path: string; readonly users: UsersFile },
  names: LinkedNames,
): UsersPolicy {
  const { allow, claims = [], with_key = true, shared } = users;
  return {
    allow: names.recipients(team, `${path}.allow`, allow),
    claims: locatedIn(
      team,
      `${path}.claims`,
      claims.map((claim) => ({ value: claim, text: claim })),
    ),
    withKey: with_key,
    shared: locatedIn(team, `${path}.shared`, shared),
    where: placeIn(team, path),
  };
}
