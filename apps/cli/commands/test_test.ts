import assert from "node:assert/strict";
import { truncateSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { runCommands } from "../testing/run_commands.ts";
import { OPS } from "../testing/team_files.ts";
import { tempFolder } from "../testing/temp_folder.ts";

const PASSING = `now: 2026-11-23T10:00:00Z
tests:
  - name: a client, after approval
    as: writer
    send: { to: jane@client.example, subject: Hello, body: Hello }
    expect: { effect: allow, held: true }
`;
const FAILING = `${PASSING}  - name: a rival
    as: writer
    send: { to: ceo@rival.example, subject: Hello, body: Hello }
    expect: { effect: allow, held: false, rules: [limits] }
`;

const passing = tempFolder({ "teams/ops.yaml": OPS, "teams/ops_test.yaml": PASSING });
const failing = tempFolder({ "teams/ops.yaml": OPS, "teams/ops_test.yaml": FAILING });
const none = tempFolder({ "teams/ops.yaml": OPS, "teams/ops_test.yml": PASSING });
const broken = tempFolder({
  "teams/ops.yaml": OPS,
  "teams/ops_test.yaml": PASSING.replace("subject: Hello", "subjekt: Hello").replace(
    "effect: allow",
    "efect: allow",
  ),
  "teams/opps_test.yaml": PASSING,
});
const huge = tempFolder({ "teams/ops.yaml": OPS, "teams/ops_test.yaml": "" });
truncateSync(join(huge, "teams/ops_test.yaml"), 8 * 1024 ** 3);
const samples = resolve(import.meta.dirname, "../../../teams");

const [pass, low, enough, failed, json, nothing, wrong, large, sample] = await runCommands([
  { args: ["test"], cwd: passing },
  { args: ["test", "--min-coverage", "100"], cwd: passing },
  { args: ["test", "teams", "--coverage", "--min-coverage", "10"], cwd: passing },
  { args: ["test"], cwd: failing },
  { args: ["test", "--json"], cwd: failing },
  { args: ["test"], cwd: none },
  { args: ["test"], cwd: broken },
  { args: ["test"], cwd: huge },
  { args: ["test", samples, "--min-coverage", "100"], cwd: passing },
]);

test("test exits 0 when every test passes, and says how many", () => {
  assert.deepEqual(pass, { code: 0, stdout: "1 passed, 0 failed\n", stderr: "" });
});

test("test exits 1 below the wanted coverage, and lists what no test has shown", () => {
  assert.equal(low?.code, 1);
  assert.match(low.stdout, /^ops: no test shows recipients\.deny to deny$/m);
  assert.match(low.stdout, /^Coverage \d+ %, wanted 100 %\n1 passed, 0 failed\n$/m);
  assert.equal(enough?.code, 0);
  assert.match(enough.stdout, /^Coverage \d+ %\n1 passed, 0 failed\n$/m);
});

test("test exits 1 when a test fails, and says where and how", () => {
  assert.equal(failed?.code, 1);
  assert.equal(
    failed.stdout,
    "teams/ops_test.yaml:7:5: a rival\n" +
      "    Expected allow, got deny (recipients.deny)\n" +
      "    Expected it not to be held, it is held\n" +
      "    Expected rule limits, got recipients.deny\n" +
      "1 passed, 1 failed\n",
  );
});

test("test --json gives results and coverage", () => {
  assert.equal(json?.code, 1);
  const { passed, failed, tests, coverage } = JSON.parse(json.stdout);
  assert.deepEqual([passed, failed, tests.length], [1, 1, 2]);
  assert.deepEqual([tests[1].passed, tests[1].where], [false, "teams/ops_test.yaml:7:5"]);
  assert.ok(coverage.percent < 100 && coverage.rules.length > 0);
});

test("test exits 1 when there is no test", () => {
  assert.equal(nothing?.code, 1);
  assert.match(nothing.stdout, /^No test in "\.\/teams": write .*\n0 passed, 0 failed\n$/);
});

test("test shows every problem of every file of tests, and of one that no team goes with", () => {
  assert.deepEqual([wrong?.code, wrong?.stdout], [1, ""]);
  assert.match(wrong?.stderr ?? "", /^Cannot run the tests:\n/);
  assert.match(
    wrong?.stderr ?? "",
    / {2}teams\/opps_test\.yaml:1:1: No team file "opps\.yaml" is beside these tests/,
  );
  assert.match(wrong?.stderr ?? "", / {2}teams\/ops_test\.yaml:6:\d+: .*efect/);
});

test("test does not read a huge file to its end", () => {
  assert.equal(large?.code, 1);
  assert.match(large.stderr, /^Cannot read "teams\/ops_test\.yaml": it must not be larger than 1 MiB$/m);
});

test("test passes on the repository's samples, which cover every rule that they use", () => {
  assert.equal(sample?.code, 0, sample?.stdout);
  assert.match(sample.stdout, /^Coverage 100 %\n\d\d passed, 0 failed\n$/);
});
