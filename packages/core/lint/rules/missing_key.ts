import { whereOf } from "../../policy/mod.ts";
import { assistantsOf, inEachTeam } from "../in_each_team.ts";
import type { LintFinding, LintRule } from "../lint_rule.ts";

/** Assistants who cannot call: they have no key, and nobody signs in instead. */
export const missingKey: LintRule = {
  about: "an assistant without a key",
  find: inEachTeam((policy) =>
    assistantsOf(policy).flatMap(({ assistant: { id, keys, users }, path }): readonly LintFinding[] => {
      if (keys.length > 0 || users?.withKey === false) return [];
      const message = `"${id}" cannot call: it has no key; issue one with "countersign keys new ${policy.team}/${id}", or take it out`;
      return [{ where: whereOf(policy, `${path}.keys`), path: `${path}.keys`, message }];
    }),
  ),
};
