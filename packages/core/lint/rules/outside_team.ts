import { formatWhere, whereOf } from "../../policy/mod.ts";
import { assistantsOf, inEachTeam } from "../in_each_team.ts";
import type { LintFinding, LintRule } from "../lint_rule.ts";
import { overlaps, writtenEntries } from "../written_entries.ts";

/** An assistant's `recipients.allow` only narrows the team's: whom the team may not write to, the assistant may not either. */
export const outsideTeam: LintRule = {
  about: "an assistant's recipient to whom its team may not write",
  find: inEachTeam((policy) => {
    const allow = policy.recipients.allow?.map(({ value }) => value);
    if (allow === undefined) return [];
    return assistantsOf(policy).flatMap(({ assistant, path }) =>
      writtenEntries(policy, assistant.allow, `${path}.recipients.allow`).flatMap(
        (entry): readonly LintFinding[] => {
          if (entry.patterns.some((pattern) => allow.some((one) => overlaps(one, pattern)))) return [];
          const team = formatWhere(whereOf(policy, "recipients.allow"));
          const message = `${JSON.stringify(entry.text)} is never written to: an assistant's list only narrows the team's (${team}), which does not have it; add it there, or take it out here`;
          return [{ where: entry.where, path: entry.path, message, isIdle: true }];
        },
      ),
    );
  }),
};
