import type { Decision } from "../decision/mod.ts";
import type { PolicySet } from "../policy/mod.ts";
import type { PolicyTest, PolicyTests } from "./parse_policy_tests.ts";
import { type PlayedAction, type PlayOptions, parseCaller, playScenario } from "./play_scenario.ts";

/** What a test showed. */
export interface TestCaseResult {
  readonly test: PolicyTest;
  /** What came out otherwise than expected; none: it passed. */
  readonly failures: readonly string[];
  readonly team: string;
  readonly played: readonly PlayedAction[];
}

/** Plays one test and compares: each action of a report must come out as expected. */
export async function runTestCase(
  policies: PolicySet,
  { team, now }: PolicyTests,
  test: PolicyTest,
  { inspect }: Pick<PlayOptions, "inspect"> = {},
): Promise<TestCaseResult> {
  const caller = parseCaller(test.as, team);
  if (
    policies.teams.get(caller.team)?.assistants.has(caller.assistant) !== true &&
    test.expect.effect === "allow"
  ) {
    return {
      test,
      failures: [`Team "${caller.team}" has no assistant "${caller.assistant}"`],
      team,
      played: [],
    };
  }
  const options = { now: Date.parse(test.now ?? now), ...(inspect !== undefined && { inspect }) };
  const played = await playScenario(policies, caller, test, options);
  const failures = played.flatMap(({ decision }) => differences(decision, test));
  return { test, failures: [...new Set(failures)], team: caller.team, played };
}

function differences(decision: Decision, { expect }: PolicyTest): readonly string[] {
  const denying = rulesOf(decision, "deny");
  const flagging = rulesOf(decision, "flag");
  const reasons = denying.length === 0 ? "" : ` (${denying.join(", ")})`;
  return [
    ...(decision.effect === expect.effect
      ? []
      : [`Expected ${expect.effect}, got ${decision.effect}${reasons}`]),
    ...(expect.held === undefined || decision.held === expect.held
      ? []
      : [
          `Expected ${expect.held ? "it to be held" : "it not to be held"}, it is ${decision.held ? "" : "not "}held`,
        ]),
    ...missing("rule", expect.rules, denying),
    ...missing("flag", expect.flags, flagging),
  ];
}

function rulesOf({ findings }: Decision, effect: string): readonly string[] {
  return [...new Set(findings.filter((finding) => finding.effect === effect).map(({ rule }) => rule))];
}

function missing(
  what: string,
  wanted: readonly string[] | undefined,
  got: readonly string[],
): readonly string[] {
  return (wanted ?? [])
    .filter((rule) => !got.includes(rule))
    .map((rule) => `Expected ${what} ${rule}, got ${got.join(", ") || "none"}`);
}
