import type { ActionName } from "../../action/mod.ts";
import { whereOf } from "../../policy/mod.ts";
import { assistantsOf, inEachTeam } from "../in_each_team.ts";
import type { LintFinding, LintRule } from "../lint_rule.ts";

/** What `read_only` refuses. */
const CHANGING: readonly ActionName[] = ["send", "reply", "cancel", "report"];

/** Assistants who may do nothing, or are given by name what the mailbox refuses. */
export const idleAssistant: LintRule = {
  about: "an assistant that may do nothing, or that is given what its mailbox refuses",
  find: inEachTeam((policy) =>
    assistantsOf(policy).flatMap(({ assistant: { id, actions }, path: at }): readonly LintFinding[] => {
      const path = `${at}.actions`;
      const where = whereOf(policy, path);
      if (actions.size === 0)
        return [{ where, path, message: `"${id}" may do nothing: give it actions, or take it out` }];
      const refused = CHANGING.filter((action) => actions.has(action));
      // What an assistant has by default nobody has given it.
      const isWritten = policy.source.places.paths.includes(path);
      if (policy.oversight !== "read_only" || refused.length === 0 || !isWritten) return [];
      const message = `"${id}" never may ${refused.join(", ")}: the mailbox is "read_only"; take ${refused.length === 1 ? "it" : "them"} out, or declare another oversight`;
      return [{ where, path, message }];
    }),
  ),
};
