import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";
import { LINT_RULES } from "@countersign/core/lint";
import { runCommands } from "../testing/run_commands.ts";
import { OPS } from "../testing/team_files.ts";
import { tempFolder } from "../testing/temp_folder.ts";

const found = tempFolder({ "teams/ops.yaml": OPS });
const nothing = tempFolder({
  "teams/ops.yaml": OPS.replace("keys: [] ", `keys: ["sha256:${"0".repeat(64)}"] `)
    .replace("  - id: reader", "  # lint: ignore missing_key (not before May)\n  - id: reader")
    .replace("2020-01-31", "2999-01-31"),
});
const broken = tempFolder({ "teams/ops.yaml": OPS.replace("gated_send", "gated") });

const [text, json, clean, refused, rules] = await runCommands([
  { args: ["lint"], cwd: found },
  { args: ["lint", "--json"], cwd: found },
  { args: ["lint", "teams"], cwd: nothing },
  { args: ["lint"], cwd: broken },
  { args: ["lint", "--rules"], cwd: nothing },
]);

test("countersign lint shows what is surely not meant, with its line and what to do, and exits 1", () => {
  assert.equal(text?.code, 1);
  assert.equal(
    text.stdout,
    [
      'teams/ops.yaml:9:11: "writer" cannot call: it has no key; issue one with "countersign keys new ops/writer", or take it out (missing_key)',
      'teams/ops.yaml:10:5: "reader" cannot call: it has no key; issue one with "countersign keys new ops/reader", or take it out (missing_key)',
      'teams/ops.yaml:17:5: The exception from recipients.max_per_email has ended with "2020-01-31" and is as if it were not there: take it out (expired_exception)\n',
    ].join("\n"),
  );
  assert.equal(text.stderr, "3 findings\n");
});

test("countersign lint --json prints one value", () => {
  assert.equal(json?.code, 1);
  const { ok, findings } = JSON.parse(json.stdout);
  assert.equal(ok, false);
  assert.deepEqual(findings[2], {
    ...{ file: "teams/ops.yaml", line: 17, column: 5, path: "exceptions[0]", rule: "expired_exception" },
    message: findings[2].message,
  });
  assert.equal(findings.length, 3);
});

test("countersign lint exits 0 where nothing is found, or a comment says that it is meant", () => {
  assert.deepEqual(clean, { code: 0, stdout: "1 team, nothing found\n", stderr: "" });
});

test("countersign lint leaves what is wrong to check", () => {
  assert.equal(refused?.code, 1);
  assert.match(refused.stderr, /Cannot use the policies in "\.\/teams":\n {2}teams\/ops\.yaml:5:12/);
});

test("countersign lint --rules lists every rule, and so does the page about it", () => {
  const page = readFileSync(resolve(import.meta.dirname, "../docs/lint.md"), "utf8");
  for (const rule of Object.keys(LINT_RULES)) assert.match(page, new RegExp(`^\\|.*\`${rule}\`.*\\|`, "m"));
  assert.equal(rules?.code, 0);
  assert.deepEqual(rules.stdout.match(/^\w+/gm), Object.keys(LINT_RULES));
});
