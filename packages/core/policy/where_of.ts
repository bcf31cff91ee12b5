import { nearestPlace } from "./nearest_place.ts";
import type { TeamPolicy } from "./team_policy.ts";
import type { Where } from "./where.ts";

/**
 * The place that wrote the value at `path` (`recipients.deny[0]`); for what was not written, the nearest map around it.
 * What a team takes over from the organisation is in the organisation's file.
 */
export function whereOf({ source }: Pick<TeamPolicy, "source">, path: string): Where {
  return nearestPlace(source.places, path) ?? { file: source.file, line: 1, column: 1 };
}
