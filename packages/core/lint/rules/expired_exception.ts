import { inEachTeam } from "../in_each_team.ts";
import type { LintRule } from "../lint_rule.ts";

/** Exceptions whose last day is over. */
export const expiredException: LintRule = {
  about: "an exception whose last day is over",
  find: inEachTeam(({ exceptions }, { now }) =>
    exceptions.flatMap(({ where, rule, expires, expiresAt }, index) =>
      expiresAt > now
        ? []
        : [
            {
              ...{ where, path: `exceptions[${index}]`, isIdle: true as const },
              message: `The exception from ${rule} has ended with "${expires}" and is as if it were not there: take it out`,
            },
          ],
    ),
  ),
};
