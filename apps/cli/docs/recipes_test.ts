import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";
import { warnComposed } from "@countersign/core/decision";
import { lintPolicies } from "@countersign/core/lint";
import { formatProblem, loadPolicies, type PolicyFile } from "@countersign/core/policy";
import { parsePolicyTests, runTestCase } from "@countersign/core/what-if";

const text = readFileSync(resolve(import.meta.dirname, "recipes.md"), "utf8");
const files = [...text.matchAll(/^```yaml\n# (\S+)\n(.+?)^```/gms)].map(
  ([, name = "", block]): PolicyFile => ({ name, file: name, bytes: new TextEncoder().encode(block) }),
);
const isTests = ({ name }: PolicyFile): boolean => name.endsWith("_test.yaml");

test("the recipes' policies have no problem, and no warning but of replies that cannot be scheduled", () => {
  const { policies, warnings } = load(files);
  assert.equal(policies.teams.size, 5);
  assert.deepEqual(warnComposed(policies), []);
  assert.deepEqual(
    warnings.filter((warning) => !warning.includes("A reply outside the hours is refused")),
    [],
  );
});

test("lint finds nothing in the recipes, as on the day on which they were written", () => {
  const { policies } = load(files);
  const tests = files.filter(isTests).map((file) => {
    const parsed = parsePolicyTests(file);
    assert.ok(parsed.ok);
    return { file: file.file, text: new TextDecoder().decode(file.bytes), tests: parsed.tests };
  });
  // Keys are their reader's own.
  const found = lintPolicies({ policies, tests, now: Date.parse("2026-11-28T10:00:00Z") }).filter(
    ({ rule }) => rule !== "missing_key",
  );
  assert.deepEqual(
    found.map(({ where, message, rule }) => formatProblem({ where, message, path: rule })),
    [],
  );
});

test("the newsletter's hours are too far off where the recipe says so", () => {
  const shorter = files.map((file) =>
    file.name === "_organisation.yaml"
      ? { ...file, bytes: new TextEncoder().encode(new TextDecoder().decode(file.bytes).replace("7d", "3d")) }
      : file,
  );
  assert.match(
    load(shorter)
      .warnings.filter((warning) => warning.startsWith("newsletter.yaml"))
      .join(),
    /What is asked for on Thursday at 11:00 is refused, not scheduled/,
  );
});

for (const file of files.filter(isTests))
  test(`the recipes' tests in ${file.name} pass`, async () => {
    const parsed = parsePolicyTests(file);
    assert.ok(parsed.ok, parsed.ok ? "" : parsed.problems.map(formatProblem).join("\n"));
    assert.ok(parsed.tests.tests.length > 0);
    for (const one of parsed.tests.tests)
      assert.deepEqual((await runTestCase(load(files).policies, parsed.tests, one)).failures, [], one.name);
  });

function load(given: readonly PolicyFile[]) {
  const result = loadPolicies(
    given.filter((file) => !isTests(file)),
    { sha256: () => "" },
  );
  assert.ok(result.ok, result.ok ? "" : result.problems.map(formatProblem).join("\n"));
  return { policies: result.policies, warnings: (result.warnings ?? []).map(formatProblem) };
}
