import { nextOpening } from "../../decision/mod.ts";
import type { HoursPolicy } from "../../policy/mod.ts";
import { assistantsOf, inEachTeam } from "../in_each_team.ts";
import type { LintFinding, LintRule } from "../lint_rule.ts";

/** Hours that do not open within a year: holidays close every day on which a window begins. */
export const hoursNeverOpen: LintRule = {
  about: "hours that never open",
  find: inEachTeam((policy, { now }) => {
    const check = (hours: HoursPolicy | undefined, path: string): readonly LintFinding[] => {
      if (hours === undefined || hours.where.file !== policy.source.file) return [];
      if (nextOpening(hours, now) !== undefined) return [];
      const message =
        "No email leaves for a year: holidays close every day on which these hours begin; take days out of the holidays, or add a window";
      return [{ where: hours.where, path, message }];
    };
    return [
      ...check(policy.hours, "hours"),
      ...assistantsOf(policy).flatMap(({ assistant, path }) => check(assistant.hours, `${path}.hours`)),
    ];
  }),
};
