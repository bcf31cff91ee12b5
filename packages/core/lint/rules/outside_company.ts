import { formatWhere, whereOf } from "../../policy/mod.ts";
import { assistantsOf, inEachTeam } from "../in_each_team.ts";
import type { LintFinding, LintRule } from "../lint_rule.ts";
import { holdsEmail, isStrict } from "../rule_state.ts";
import { overlaps, writtenEntries } from "../written_entries.ts";

/** Somebody outside is named as a recipient where nothing is written to people outside. */
export const outsideCompany: LintRule = {
  about: "a recipient outside, where no email goes outside",
  find: inEachTeam((policy) => {
    const { external, internal, allow } = policy.recipients;
    if (external === "allow" || !isStrict(policy, "recipients.external")) return [];
    if (external === "require_approval" && holdsEmail(policy)) return [];
    const inside = internal.map(({ value }) => value);
    const because = `recipients.external is ${JSON.stringify(external)} (${formatWhere(whereOf(policy, "recipients.external"))})${
      external === "deny" ? "" : `, and nothing waits for a person under "${policy.oversight}"`
    }`;
    return [
      ...writtenEntries(policy, allow, "recipients.allow"),
      ...assistantsOf(policy).flatMap(({ assistant, path }) =>
        writtenEntries(policy, assistant.allow, `${path}.recipients.allow`),
      ),
    ].flatMap(({ patterns, text, where, path }): readonly LintFinding[] => {
      if (patterns.some((pattern) => inside.some((one) => overlaps(one, pattern)))) return [];
      const message = `${JSON.stringify(text)} is never written to: it is outside, and ${because}; take it out, or name its domain in recipients.internal if these are our own people`;
      // A mailbox that is stricter than it is declared may hold it.
      return [{ where, path, message, ...(external === "deny" && { isIdle: true as const }) }];
    });
  }),
};
