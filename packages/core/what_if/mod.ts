export {
  type Expectation,
  type ExpectedApproval,
  type PolicyTest,
  type PolicyTests,
  type PolicyTestsResult,
  parsePolicyTests,
} from "./parse_policy_tests.ts";
export { parseScenario } from "./parse_scenario.ts";
export { type PlayedAction, type PlayOptions, parseCaller, playScenario } from "./play_scenario.ts";
export { type RuleCoverage, ruleCoverage } from "./rule_coverage.ts";
export { rulesInUse } from "./rules_in_use.ts";
export { runTestCase, type TestCaseResult } from "./run_test_case.ts";
export type { Given, Scenario, ScenarioUser } from "./scenario.ts";
