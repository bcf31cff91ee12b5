import { formatWhere, type HoursPolicy } from "../../policy/mod.ts";
import { assistantsOf, inEachTeam } from "../in_each_team.ts";
import type { LintFinding, LintRule } from "../lint_rule.ts";

/** Lists of holidays of which every day is over, while hours use them. */
export const pastHolidays: LintRule = {
  about: "a list of holidays that has no day left, while hours use it",
  find: inEachTeam((policy, { now }) => {
    const today = new Date(now).toISOString().slice(0, 10);
    const check = (hours: HoursPolicy | undefined): readonly LintFinding[] =>
      (hours?.holidays ?? []).flatMap(({ name, days, where }): readonly LintFinding[] => {
        const last = [...days].sort().at(-1);
        if (last === undefined || last >= today) return [];
        const message = `Holidays "${name}" closed their last day on "${last}", and hours use them (${formatWhere(hours?.where ?? where)}): add the days to come`;
        return [{ where, path: `holidays.${name}`, message }];
      });
    return [policy.hours, ...assistantsOf(policy).map(({ assistant }) => assistant.hours)].flatMap(check);
  }),
};
