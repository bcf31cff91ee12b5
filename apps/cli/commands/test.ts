import { formatWhere } from "@countersign/core/policy";
import { type RuleCoverage, ruleCoverage, runTestCase, type TestCaseResult } from "@countersign/core/what-if";
import { parseEnv } from "@countersign/host";
import { Command, InvalidArgumentError } from "commander";
import { inspect } from "../policy/inspect.ts";
import { readPolicyTests } from "../policy/read_policy_tests.ts";
import { requirePolicies } from "../policy/require_policies.ts";
import { printable } from "../terminal/printable.ts";
import { isQuiet, paint } from "../terminal/talk.ts";

interface TestFlags {
  readonly coverage?: boolean;
  readonly minCoverage?: number;
  readonly json?: boolean;
}

/** `countersign test [dir]`: runs the `*_test.yaml` beside the policies. Exits 1 when one fails, or none is there. */
export function testCommand(): Command {
  return new Command("test")
    .description("Runs the tests beside the policies: teams/finance_test.yaml, and so on.")
    .argument("[dir]", "folder of team files (default: TEAMS_DIR)")
    .option("--coverage", "list which rules no test has shown to allow and to deny")
    .option("--min-coverage <percent>", "fail below this coverage", parsePercent)
    .option("--json", 'print {"passed": …, "failed": …, "tests": […], "coverage": {…}}')
    .addHelpText("after", EXAMPLES)
    .action(async (dir: string | undefined, { coverage, minCoverage = 0, json }: TestFlags) => {
      const folder = dir ?? parseEnv(process.env, ["teamsDir"]).teamsDir;
      const policies = await requirePolicies(folder);
      const results: TestCaseResult[] = [];
      for (const { tests } of await readPolicyTests(folder, policies))
        for (const test of tests.tests) results.push(await runTestCase(policies, tests, test, { inspect }));
      const rules = ruleCoverage(policies, results);
      const percent = percentOf(rules);
      const failed = results.filter(({ failures }) => failures.length > 0);
      const passed = results.length - failed.length;
      const tooLow = percent < minCoverage;
      process.exitCode = failed.length > 0 || passed === 0 || tooLow ? 1 : 0;
      if (json) {
        const tests = results.map(toJson);
        console.log(JSON.stringify({ passed, failed: failed.length, tests, coverage: { percent, rules } }));
        return;
      }
      const lines = failed.map(formatFailure);
      if (coverage || tooLow) lines.push(...formatCoverage(rules));
      if (coverage || minCoverage > 0)
        lines.push(`Coverage ${percent} %${tooLow ? `, wanted ${minCoverage} %` : ""}`);
      if (results.length === 0) lines.push(`No test in "${folder}": write ${folder}/<team>_test.yaml`);
      const isWell = process.exitCode === 0;
      if (!isWell || !isQuiet())
        lines.push(paint(isWell ? "good" : "bad", `${passed} passed, ${failed.length} failed`));
      if (lines.length > 0) console.log(lines.join("\n"));
    });
}

const EXAMPLES = `
A rule is covered when a passing test was stopped or flagged by it, and another one passed it. Exits 1 when a test
fails, none is there, or the coverage is too low.

Examples:
  $ countersign test
  $ countersign test --coverage
  $ countersign test path/to/teams --min-coverage 100`;

function formatFailure({ test, failures }: TestCaseResult): string {
  const [name, ...lines] = [test.name, ...failures.map((failure) => `    ${failure}`)].map(printable);
  return [`${paint("place", printable(formatWhere(test.where)))}: ${name}`, ...lines].join("\n");
}

function formatCoverage(rules: readonly RuleCoverage[]): readonly string[] {
  return rules.flatMap(({ team, rule, allowed, denied }) => {
    const sides = [...(allowed ? [] : ["allow"]), ...(denied ? [] : ["deny"])];
    return sides.length === 0 ? [] : [`${team}: no test shows ${rule} to ${sides.join(" or to ")}`];
  });
}

/** Each rule in use has two sides to show. Rounded down: 100 means all. */
function percentOf(rules: readonly RuleCoverage[]): number {
  const shown = rules.reduce((sum, { allowed, denied }) => sum + Number(allowed) + Number(denied), 0);
  return rules.length === 0 ? 100 : Math.floor((100 * shown) / (2 * rules.length));
}

function toJson({ test, failures, team }: TestCaseResult) {
  return { name: test.name, team, where: formatWhere(test.where), passed: failures.length === 0, failures };
}

function parsePercent(text: string): number {
  const percent = /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
  if (!(percent <= 100)) throw new InvalidArgumentError("A percentage from 0 to 100 is needed");
  return percent;
}
