import { endedDelegations } from "../../approval/mod.ts";
import type { LintRule } from "../lint_rule.ts";

/** Delegations whose last day is over, of a team or the organisation. */
export const endedDelegation: LintRule = {
  about: "a delegation whose last day is over",
  find: ({ policies, now }) => endedDelegations(policies, now),
};
