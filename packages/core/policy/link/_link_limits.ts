import type { LimitsFile } from "../schema/sections.ts";
import type { LimitsPolicy, RateLimit } from "../team_policy.ts";
import { type LinkedFile, placeIn } from "./linked_file.ts";

/** `limits` at a path of a file. */
export interface LimitsSource {
  readonly file: LinkedFile<unknown>;
  readonly path: string;
  readonly limits: LimitsFile | undefined;
}

/** The limits of all sources together: each of them holds. */
export function linkLimits(sources: readonly LimitsSource[]): LimitsPolicy {
  const all = (key: keyof LimitsFile): readonly RateLimit[] =>
    sources.flatMap(({ file, path, limits }) => {
      const rate = limits?.[key];
      if (rate === undefined) return [];
      const { count, windowMs } = rate.value;
      return [{ count, windowMs, text: rate.text, where: placeIn(file, `${path}.${key}`) }];
    });
  return {
    perAssistant: all("per_assistant"),
    perRecipient: all("per_recipient"),
    perDomain: all("per_domain"),
    perUser: all("per_user"),
    team: all("team"),
  };
}
