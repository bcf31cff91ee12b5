import { whereOf } from "../../policy/mod.ts";
import { inEachTeam } from "../in_each_team.ts";
import type { LintFinding, LintRule } from "../lint_rule.ts";
import { isSilent } from "../rule_state.ts";

/** Settings of a rule that says nothing: it is switched on elsewhere, or its own setting allows everything. */
export const idleSetting: LintRule = {
  about: "a setting of a rule that never says anything",
  find: inEachTeam((policy) => {
    const idle = (path: string, message: string): LintFinding => ({
      ...{ where: whereOf(policy, path), path, message, isIdle: true },
    });
    return [
      ...[...policy.rules].flatMap(([rule, mode]) =>
        mode === "enforce" || !isSilent(policy, rule)
          ? []
          : [
              idle(
                `rules.${rule}`,
                `"${rule}" never says anything to warn of: no key of this policy makes it; take it out`,
              ),
            ],
      ),
      ...(policy.overlap?.action === "allow"
        ? [
            idle(
              "overlap",
              'Nothing is compared: overlap has "action: allow"; write "flag" or "deny", or take it out',
            ),
          ]
        : []),
      ...(policy.afterOutsideMail?.newExternal === "allow"
        ? [
            idle(
              "after_outside_mail",
              'Nothing is watched: after_outside_mail has "new_external: allow"; write "require_approval" or "deny", or take it out',
            ),
          ]
        : []),
    ];
  }),
};
