import assert from "node:assert/strict";
import { test } from "node:test";
import { formatProblem, loadPolicies } from "../mod.ts";

const TEAM =
  "team: a\nmailbox: { id: m, address: a@x.example }\napprovers: [lead@acme.example]\nassistants: [{ id: w }]\n";

function patterns(count: number, pattern: (index: number) => string): string {
  const entries = Array.from({ length: count }, (_, i) => `    - { name: p${i}, pattern: '${pattern(i)}' }`);
  return `content:\n  block:\n${entries.join("\n")}\n`;
}

function problemsOf(team: string, organisation?: string): readonly string[] {
  const texts = { "a.yaml": team, ...(organisation !== undefined && { "_organisation.yaml": organisation }) };
  const result = loadPolicies(
    Object.entries(texts).map(([name, text]) => ({
      name,
      file: `teams/${name}`,
      bytes: new TextEncoder().encode(text),
    })),
    { sha256: () => "" },
  );
  return result.ok ? [] : result.problems.map(formatProblem);
}

const codename = (index: number): string => `project\\s+f${index}`;

test("checkPatterns() takes as many patterns as are read in no time", () => {
  assert.deepEqual(problemsOf(TEAM + patterns(100, codename)), []);
  assert.deepEqual(problemsOf(TEAM + patterns(50, codename), patterns(50, codename)), []);
});

test("checkPatterns() names the first pattern beyond the number", () => {
  assert.deepEqual(problemsOf(TEAM + patterns(3000, codename)), [
    "teams/a.yaml:107:30: Must not be one more pattern: a policy has 100 at most, got 3000 (content.block[100].pattern)",
  ]);
});

test("checkPatterns() counts the organisation's patterns to each team's", () => {
  assert.deepEqual(problemsOf(TEAM + patterns(21, codename), patterns(80, codename)), [
    "teams/a.yaml:27:29: Must not be one more pattern: a policy has 100 at most, the organisation's 80 included, got 101 (content.block[20].pattern)",
  ]);
  assert.deepEqual(problemsOf(TEAM, patterns(101, codename)), [
    "teams/_organisation.yaml:103:30: Must not be one more pattern: a policy has 100 at most, got 101 (content.block[100].pattern)",
  ]);
});

test("checkPatterns() names the pattern with which they are too large together", () => {
  const large = problemsOf(TEAM + patterns(9, (i) => `[a-c]{500}${i}`));
  assert.equal(large.length, 1);
  assert.match(
    large[0] ?? "",
    /^teams\/a\.yaml:10:28: Must be shorter or repeat less: a policy's patterns have 2000 steps at most together, got 20\d\d with this one \(content\.block\[3\]\.pattern\)$/,
  );
  assert.equal(problemsOf(TEAM + patterns(1, () => "x(?:[a-z]?[0-9]?){900}")).length, 1);
});
