import { readdir } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { formatProblem, type PolicySet } from "@countersign/core/policy";
import { type PolicyTests, parsePolicyTests } from "@countersign/core/what-if";
import { printable } from "../terminal/printable.ts";
import { readBounded } from "../terminal/read_bounded.ts";

/** As large as a policy may be. */
const MAX_BYTES = 1024 ** 2;

/** A file of tests, as it was read. */
export interface PolicyTestFile {
  /** As `check` shows it: `teams/finance_test.yaml`. */
  readonly file: string;
  readonly text: string;
  readonly tests: PolicyTests;
}

/**
 * The tests beside the policies of a folder, from every `*_test.yaml`, sorted by name.
 *
 * @throws {Error} that lists every problem of every file
 */
export async function readPolicyTests(
  folder: string,
  policies: PolicySet,
): Promise<readonly PolicyTestFile[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith("_test.yaml")).sort();
  const tests: PolicyTestFile[] = [];
  const problems: string[] = [];
  for (const name of names) {
    const path = join(folder, name);
    const file = displayPath(path);
    const text = await readBounded(path, MAX_BYTES);
    const parsed = parsePolicyTests({ name, file, bytes: new TextEncoder().encode(text) });
    if (!parsed.ok) problems.push(...parsed.problems.map(formatProblem));
    else if (isForNobody(parsed.tests, policies))
      problems.push(printable(`${file}:1:1: No team file "${parsed.tests.team}.yaml" is beside these tests`));
    else tests.push({ file, text, tests: parsed.tests });
  }
  if (problems.length === 0) return tests;
  throw new Error(`Cannot run the tests:\n${problems.map((problem) => `  ${problem}`).join("\n")}`);
}

/** Without its team every request would be denied, and a test of a denial would show nothing. */
function isForNobody({ team, tests }: PolicyTests, policies: PolicySet): boolean {
  return !policies.teams.has(team) && tests.some(({ as }) => !as.includes("/"));
}

/** As `check` shows it: relative inside the folder that one is in, absolute elsewhere. */
function displayPath(path: string): string {
  const shown = relative(process.cwd(), path);
  return shown.startsWith("..") ? resolve(path) : shown;
}
