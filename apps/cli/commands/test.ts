import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { formatProblem, formatWhere } from "@countersign/core/policy";
import {
  type PolicyTestResult,
  parsePolicyTests,
  type RuleCoverage,
  ruleCoverage,
  runPolicyTest,
} from "@countersign/core/what-if";
import { parseEnv } from "@countersign/host";
import { Command, InvalidArgumentError } from "commander";
import { loadPolicies } from "../load_policies.ts";

interface TestFlags {
  readonly coverage?: boolean;
  readonly minCoverage?: number;
  readonly json?: boolean;
}

/** `countersign test [dir]`: runs the `*_test.yaml` beside the policies. Exits 1 when one fails, or none is there. */
export function testCommand(): Command {
  return new Command("test")
    .description("run the tests beside the policies (*_test.yaml)")
    .argument("[dir]", "folder of team files (default: TEAMS_DIR)")
    .option("--coverage", "list which rules no test has shown to allow and to deny")
    .option("--min-coverage <percent>", "fail below this coverage", parsePercent)
    .option("--json", "print one JSON value")
    .action(async (dir: string | undefined, { coverage, minCoverage, json }: TestFlags) => {
      const folder = dir ?? parseEnv(process.env).teamsDir;
      const policies = await loadPolicies(folder);
      const results = (await readTests(folder)).flatMap((tests) =>
        tests.tests.map((test) => runPolicyTest(policies, tests, test)),
      );
      const covered = ruleCoverage(policies, results);
      const percent = percentOf(covered);
      const failed = results.filter(({ failures }) => failures.length > 0);
      const tooLow = minCoverage !== undefined && percent < minCoverage;
      process.exitCode = failed.length > 0 || results.length === 0 || tooLow ? 1 : 0;
      if (json) {
        console.log(JSON.stringify({ tests: results.map(toJson), coverage: { percent, rules: covered } }));
        return;
      }
      for (const result of failed) console.log(formatFailure(result));
      if (coverage || tooLow) for (const line of formatCoverage(covered)) console.log(line);
      if (coverage || minCoverage !== undefined) {
        console.log(`Coverage ${percent} %${tooLow ? `, wanted ${minCoverage} %` : ""}`);
      }
      if (results.length === 0) console.log(`No test in "${folder}": write teams/<team>_test.yaml`);
      console.log(`${results.length - failed.length} passed, ${failed.length} failed`);
    });
}

async function readTests(folder: string) {
  const names = (await readdir(folder)).filter((name) => name.endsWith("_test.yaml")).sort();
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      if (!(await stat(path)).isFile()) throw new Error(`Cannot read "${path}": it is no file`);
      return parsePolicyTests({ name, file: relative(process.cwd(), path), bytes: await readFile(path) });
    }),
  );
  const problems = files.flatMap((file) => (file.ok ? [] : file.problems));
  if (problems.length > 0)
    throw new Error(`Cannot run the tests:\n${problems.map((p) => `  ${formatProblem(p)}`).join("\n")}`);
  return files.flatMap((file) => (file.ok ? [file.tests] : []));
}

function formatFailure({ test, failures }: PolicyTestResult): string {
  return [`${formatWhere(test.where)}: ${test.name}`, ...failures.map((failure) => `    ${failure}`)].join(
    "\n",
  );
}

function formatCoverage(covered: readonly RuleCoverage[]): readonly string[] {
  return covered.flatMap(({ team, rule, allowed, denied }) => {
    const sides = [...(allowed ? [] : ["allow"]), ...(denied ? [] : ["deny"])];
    return sides.length === 0 ? [] : [`${team}: no test shows ${rule} to ${sides.join(" or to ")}`];
  });
}

/** Each rule in use has two sides to show. Rounded down: 100 means all. */
function percentOf(covered: readonly RuleCoverage[]): number {
  const shown = covered.reduce((sum, { allowed, denied }) => sum + Number(allowed) + Number(denied), 0);
  return covered.length === 0 ? 100 : Math.floor((100 * shown) / (2 * covered.length));
}

function toJson({ test, failures, team }: PolicyTestResult) {
  return { name: test.name, team, where: formatWhere(test.where), passed: failures.length === 0, failures };
}

function parsePercent(text: string): number {
  const percent = /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
  if (!(percent <= 100)) throw new InvalidArgumentError("A percentage from 0 to 100 is needed");
  return percent;
}
