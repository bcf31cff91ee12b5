import assert from "node:assert/strict";
import { symlinkSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { runCommands } from "../testing/run_commands.ts";
import { OPS } from "../testing/team_files.ts";
import { tempFolder } from "../testing/temp_folder.ts";

const SECRET = `csk_${"S3cr3t".repeat(7)}x`;

const good = tempFolder({ "teams/ops.yaml": OPS });
const broken = tempFolder({
  "teams/ops.yaml": OPS.replace("skip_approval", "skip_aproval").replace("gated_send", "gated"),
  "teams/a.yaml": "team: [\n",
});
const secret = tempFolder({
  "teams/ops.yaml": OPS.replace("keys: [] ", `keys: [${SECRET}] `).replace(
    "description: Running things",
    "description: mm_live_abcdefghijklmnopqrstuvwxyz0123",
  ),
});
const huge = tempFolder({ "teams/ops.yaml": OPS, "teams/b.yaml": "" });
truncateSync(join(huge, "teams/b.yaml"), 8 * 1024 ** 3);
const unreadable = tempFolder({ "teams/ops.yaml": OPS });
symlinkSync("nowhere.yaml", join(unreadable, "teams/b.yaml"));
const hostile = tempFolder({ "teams/\u001b[2Jx.yaml": OPS });

const scheduling = tempFolder({
  "teams/ops.yaml":
    `${OPS}hours: { days: mon-fri, from: "08:00", to: "18:00", timezone: Europe/Paris, outside: schedule }\n`.replace(
      "actions: [send",
      "actions: [reply, send",
    ),
});

const composing = tempFolder({
  "teams/ops.yaml": `${OPS}compose: { footer: "Pay by card: 4111 1111 1111 1111" }\n`,
  "teams/_organisation.yaml": "content: { block: [credit_card] }\n",
});

const [
  composed,
  warned,
  warnedJson,
  whole,
  wholeJson,
  problems,
  problemsJson,
  withKey,
  tooLarge,
  denied,
  named,
  missing,
  empty,
] = await runCommands([
  { args: ["check"], cwd: composing },
  { args: ["check"], cwd: scheduling },
  { args: ["check", "--json"], cwd: scheduling },
  { args: ["check"], cwd: good },
  { args: ["check", "--json"], cwd: good },
  { args: ["check"], cwd: broken },
  { args: ["check", "--json", "teams"], cwd: broken },
  { args: ["check"], cwd: secret },
  { args: ["check"], cwd: huge },
  { args: ["check"], cwd: unreadable },
  { args: ["check"], cwd: hostile },
  { args: ["check", "no/such/folder"], cwd: good },
  { args: ["check", "."], cwd: good },
]);

test("check exits 0 when there is no problem", () => {
  assert.deepEqual(whole, { code: 0, stdout: "1 team, no problem\n", stderr: "" });
  assert.deepEqual(wholeJson, { code: 0, stdout: '{"ok":true,"problems":[],"warnings":[]}\n', stderr: "" });
});

test("check warns that replies are not scheduled, and exits 0", () => {
  assert.equal(warned?.code, 0);
  assert.match(
    warned.stdout,
    /^teams\/ops\.yaml:\d+:\d+: Warning: A reply outside the hours is refused, .*\n1 team, no problem, 1 warning\n$/,
  );
  const { ok, warnings } = JSON.parse(warnedJson?.stdout ?? "");
  assert.deepEqual([ok, warnings.length, warnings[0].path], [true, 1, "hours.outside"]);
});

test("check warns of a footer that the organisation's content rules find something in", () => {
  assert.equal(composed?.code, 0);
  assert.match(
    composed.stdout,
    /^teams\/ops\.yaml:\d+:\d+: Warning: Every email .*: content\.block \(teams\/_organisation\.yaml:1:20\) finds "credit_card" in this \(compose\.footer\)\n1 team, no problem, 1 warning\n$/,
  );
});

test("check shows every problem of every file with its place, and exits 1", () => {
  assert.equal(problems?.code, 1);
  const lines = problems.stdout.trimEnd().split("\n");
  assert.ok(
    lines.every((line) => /^teams\/(?:a|ops)\.yaml:\d+:\d+: [A-Z].*[^.]$/.test(line)),
    problems.stdout,
  );
  assert.match(
    problems.stdout,
    /teams\/ops\.yaml:14:3: Unknown key "skip_aproval": did you mean "skip_approval"\?/,
  );
  assert.match(problems.stdout, /teams\/ops\.yaml:5:12: .*\(oversight\)/);
  assert.match(problems.stdout, /teams\/a\.yaml:/);
  assert.equal(problems.stderr, `${lines.length} problems\n`);
});

test("check --json gives the same problems as data", () => {
  assert.equal(problemsJson?.code, 1);
  const { ok, problems: list } = JSON.parse(problemsJson.stdout);
  assert.equal(ok, false);
  assert.equal(list.length, problems?.stdout.trimEnd().split("\n").length);
  assert.deepEqual(Object.keys(list[0]), ["file", "line", "column", "path", "message"]);
});

test("check finds a key in a policy, and never prints it", () => {
  assert.equal(withKey?.code, 1);
  assert.match(withKey.stdout, /teams\/ops\.yaml:3:\d+: /);
  assert.match(withKey.stdout, /teams\/ops\.yaml:9:\d+: /);
  assert.doesNotMatch(withKey.stdout + withKey.stderr, /S3cr3tS3cr3t|abcdefghijklmnop/);
});

test("check reads no more of a huge file than a policy may have", () => {
  assert.equal(tooLarge?.code, 1);
  assert.match(tooLarge.stdout, /teams\/b\.yaml:1:1: File must not be larger than 1 MiB/);
});

test("check says which file it cannot read", () => {
  assert.equal(denied?.code, 1);
  assert.match(
    denied.stdout,
    /^teams\/b\.yaml:1:1: Cannot read file: it, or what it links to, is not there$/m,
  );
});

test("check shows a file's name without what it would do to a terminal", () => {
  assert.equal(named?.code, 1);
  assert.ok(!named.stdout.includes("\u001b"));
});

test("check says when a folder is missing, or holds no policy", () => {
  assert.equal(missing?.code, 1);
  assert.match(
    missing.stdout,
    /^no\/such\/folder:1:1: Cannot read the folder of policies: there is no such folder/,
  );
  assert.equal(empty?.code, 1);
  assert.match(empty.stdout, /No team file in /);
});
