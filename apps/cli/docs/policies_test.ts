import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";
import { lintPolicies } from "@countersign/core/lint";
import { formatProblem, loadPolicies, type PolicySet } from "@countersign/core/policy";
import { parsePolicyTests, runTestCase } from "@countersign/core/what-if";
import { loadTeams } from "@countersign/host";
import { readPolicyTests } from "../policy/read_policy_tests.ts";

/** Exceptions and delegations of the samples end some day: what is written is judged as on the day on which it was. */
const NOW = Date.parse("2026-11-28T10:00:00Z");

const folder = resolve(import.meta.dirname, "../../../teams");
const guide = readFileSync(resolve(import.meta.dirname, "policies.md"), "utf8");
const [policy = "", organisation = "", tests = ""] = [...guide.matchAll(/^```yaml\n(.+?)^```/gms)].map(
  ([, block]) => block,
);
const schema = readFileSync(
  resolve(import.meta.dirname, "../../../packages/core/policy/team.schema.json"),
  "utf8",
);

test("the guide's policy has no problem, and says every key that there is", () => {
  const policies = load({ "finance.yaml": policy, "_organisation.yaml": organisation });
  assert.ok(policies.teams.has("finance"));
  const { properties } = JSON.parse(schema);
  const mailbox = Object.keys(properties.mailbox.properties);
  const sections = ["approval", "recipients", "content", "hours", "limits", "overlap"].flatMap((name) =>
    Object.keys(properties[name].properties),
  );
  for (const key of [...Object.keys(properties), ...mailbox, ...sections])
    assert.match(policy, new RegExp(`\\b${key}\\b`), key);
});

test("the guide's tests pass on the repository's policies", async () => {
  const loaded = await loadTeams(folder);
  assert.ok(loaded.ok);
  const bytes = new TextEncoder().encode(tests);
  const parsed = parsePolicyTests({ name: "finance_test.yaml", file: "finance_test.yaml", bytes });
  assert.ok(parsed.ok);
  assert.equal(parsed.tests.tests.length, 3);
  for (const one of parsed.tests.tests)
    assert.deepEqual((await runTestCase(loaded.policies, parsed.tests, one)).failures, [], one.name);
});

test("lint finds nothing in the repository's policies, and nothing else than is missing in the guide's", async () => {
  const loaded = await loadTeams(folder);
  assert.ok(loaded.ok);
  const tests = await readPolicyTests(folder, loaded.policies);
  assert.deepEqual(lintPolicies({ policies: loaded.policies, tests, now: NOW }), []);
  const policies = load({ "finance.yaml": policy, "_organisation.yaml": organisation });
  // Keys are its reader's own, and its organisation's lists are for teams that it does not show.
  const found = lintPolicies({ policies, tests: [], now: NOW }).map(({ rule, path }) => `${rule} ${path}`);
  assert.deepEqual(found, [
    "unused_name groups.partners",
    "unused_name notify.channels.tickets",
    "missing_key assistants[0].keys",
    "missing_key assistants[1].keys",
  ]);
});

function load(texts: Readonly<Record<string, string>>): PolicySet {
  const utf8 = new TextEncoder();
  const files = Object.entries(texts).map(([name, text]) => ({ name, file: name, bytes: utf8.encode(text) }));
  const result = loadPolicies(files, {
    sha256: (content) => createHash("sha256").update(content).digest("hex"),
  });
  return result.ok ? result.policies : assert.fail(result.problems.map(formatProblem).join("\n"));
}
