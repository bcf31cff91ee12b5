export { type LintedFinding, lintPolicies } from "./lint_policies.ts";
export type { LintedTests, LintFinding, LintInput, LintRule } from "./lint_rule.ts";
export { LINT_RULES, type LintRuleName } from "./lint_rules.ts";
