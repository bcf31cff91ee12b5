import { type Action, isEmailAction } from "../action/mod.ts";
import type { Decision } from "../decision/mod.ts";
import type { PolicySet } from "../policy/mod.ts";
import { approvalDifferences } from "./_approval_differences.ts";
import type { ExpectedEmail, PolicyTest, PolicyTests } from "./parse_policy_tests.ts";
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
  const failures = played.flatMap((one) => differences(one, test));
  return { test, failures: [...new Set(failures)], team: caller.team, played };
}

function differences({ decision, action }: PlayedAction, { expect }: PolicyTest): readonly string[] {
  const denying = rulesOf(decision, "deny");
  const flagging = rulesOf(decision, "flag");
  // What is no request at all is mostly a slip in the test.
  const slips = decision.findings.filter(({ rule }) => rule === "request").map(({ message }) => message);
  const reasons = denying.length === 0 ? "" : ` (${[denying.join(", "), ...slips].join(": ")})`;
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
    ...leavingDifferences(decision, action, expect),
    ...emailDifferences(action, expect.email ?? {}),
    ...approvalDifferences(decision.requirements ?? [], expect),
  ];
}

function leavingDifferences(
  { effect, sendAt }: Decision,
  action: Action,
  { send_at: wanted }: PolicyTest["expect"],
): readonly string[] {
  // What is denied leaves at no time, which another line says.
  if (wanted === undefined || effect === "deny") return [];
  const leaves = sendAt ?? (isEmailAction(action) ? action.draft.sendAt : undefined);
  if (leaves !== undefined && Date.parse(leaves) === Date.parse(wanted)) return [];
  return [
    `Expected it to leave at ${wanted}, it leaves ${leaves === undefined ? "at once" : `at ${leaves}`}`,
  ];
}

function emailDifferences(action: Action, wanted: ExpectedEmail): readonly string[] {
  if (!isEmailAction(action))
    return Object.keys(wanted).length === 0 ? [] : [`Expected an email, "${action.name}" is none`];
  const { subject, markdown } = action.draft;
  const people = (field: "cc" | "bcc"): readonly string[] =>
    action.recipients.filter((one) => one.field === field).map(({ text }) => text);
  return [
    ...differing("subject", wanted.subject, subject),
    ...differing("body", wanted.body?.trimEnd(), markdown.trimEnd()),
    ...differing("cc", listed(wanted.cc), listed(people("cc"))),
    ...differing("bcc", listed(wanted.bcc), listed(people("bcc"))),
  ];
}

function listed(addresses: readonly string[] | undefined): string | undefined {
  return addresses && [...addresses].sort().join(", ");
}

function differing(what: string, wanted: string | undefined, got = ""): readonly string[] {
  if (wanted === undefined || wanted === got) return [];
  return [`Expected the ${what} ${JSON.stringify(wanted)}, got ${JSON.stringify(got)}`];
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
