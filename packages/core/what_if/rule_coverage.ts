import { isEmailAction } from "../action/mod.ts";
import type { PolicySet, RuleName } from "../policy/mod.ts";
import { rulesInUse } from "./rules_in_use.ts";
import type { TestCaseResult } from "./run_test_case.ts";

/** Whether tests have shown both sides of a rule of a team. */
export interface RuleCoverage {
  readonly team: string;
  readonly rule: RuleName;
  /** A passing test was stopped, flagged or warned by it. */
  readonly denied: boolean;
  /** A passing test's email passed it. */
  readonly allowed: boolean;
}

/** For each rule in use by each team: have the passing tests shown it to stop something, and to let something pass? */
export function ruleCoverage(
  policies: PolicySet,
  results: readonly TestCaseResult[],
): readonly RuleCoverage[] {
  const passed = results.filter(({ failures }) => failures.length === 0);
  return [...policies.teams.values()].flatMap((policy) => {
    const played = passed.filter(({ team }) => team === policy.team).flatMap((result) => result.played);
    return rulesInUse(policy).map((rule) => ({
      team: policy.team,
      rule,
      denied: played.some(({ decision }) =>
        decision.findings.some((finding) => finding.rule === rule && finding.effect !== "note"),
      ),
      allowed: played.some(({ action, decision }) => isEmailAction(action) && decision.effect === "allow"),
    }));
  });
}
