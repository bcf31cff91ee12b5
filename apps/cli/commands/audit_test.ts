import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createTrail, emailIntent, emailOutcome, NOON } from "../testing/create_trail.ts";
import { type CommandResult, runCommands } from "../testing/run_commands.ts";
import { OPS } from "../testing/team_files.ts";
import { tempFolder } from "../testing/temp_folder.ts";

const cwd = tempFolder();
const none = tempFolder();
const other = tempFolder();
mkdirSync(join(other, "data"));
writeFileSync(join(other, "data/trail.sqlite"), "not a database");

const line = OPS.split("\n").findIndex((text) => text.includes("rival")) + 1;
// It stays open while the commands read, as a gateway's does.
const trail = await createTrail(cwd, OPS);
await trail.append(
  emailIntent("rcp_denied", {
    to: "ceo@rival.example",
    denied: { rule: "recipients.deny", where: `teams/ops.yaml:${line}:10` },
  }),
);
await trail.append(emailIntent("rcp_sent", { to: "jane@client.example", subject: "\u001b[31mOffer\u202e" }));
await trail.append(emailOutcome("rcp_sent", "accepted"));
await trail.append(emailIntent("rcp_lost", { to: "jane@client.example" }));
await trail.append(emailOutcome("rcp_lost", "unknown", "The connection broke"));
await trail.append(emailIntent("rcp_new", { to: "jane@client.example" }));
for (let index = 0; index < 60; index++) {
  const receipt = `rcp_${String(index).padStart(26, "0")}`;
  await trail.append(
    emailIntent(receipt, {
      to: `p${index}@${"very-".repeat(10)}long.example`,
      denied: { rule: "recipients.deny", where: "gone/ops.yaml:999:1" },
      at: NOON + 60_000,
    }),
  );
}

const lines = [
  "list",
  "list --json",
  "list --limit 3 --json",
  "list --recipient CEO@rival.example --json",
  "list --rule recipients.deny --until 2026-11-23T12:00:30Z --json",
  "list --since 2026-11-24",
  "list --kind policy",
  "list --team sales --json",
  "open",
  "open --json",
  "show rcp_denied",
  "show rcp_denied --json",
  "show rcp_sent",
  "show rcp_none",
  `show rcp_${"0".repeat(26)}`,
  "verify",
  "verify --json",
];
const [inNone, inOther, ...results] = await runCommands([
  { args: ["audit", "list"], cwd: none },
  { args: ["audit", "list"], cwd: other },
  ...lines.map((text) => ({ args: ["audit", ...text.split(" ")], cwd })),
]);
const run = (text: string): CommandResult => results[lines.indexOf(text)] ?? assert.fail(text);
await trail.close();

test("audit list prints the newest 50, the newest last, in columns of at most 120 characters", () => {
  const { code, stdout } = run("list");
  const shown = stdout.trimEnd().split("\n");
  assert.deepEqual([code, shown.length], [0, 51]);
  assert.ok(shown.every((row) => row.length <= 120));
  assert.match(shown[0] ?? "", /^SEQ {2}TIME \(UTC\) +WHO +RECEIPT +WHAT$/);
  assert.match(
    shown.at(-1) ?? "",
    /^66 +2026-11-23 12:01:00 +ops\/writer +rcp_0{24}59 +send denied recipients\.deny, to/,
  );
  const columns = shown.map((row) => row.search(/rcp_|RECEIPT/));
  assert.equal(new Set(columns).size, 1);
});

test("audit list --json prints one array of records", () => {
  const records: readonly { seq: number }[] = JSON.parse(run("list --json").stdout);
  assert.deepEqual([records.length, records[0]?.seq, records.at(-1)?.seq], [50, 17, 66]);
  const last: readonly { seq: number }[] = JSON.parse(run("list --limit 3 --json").stdout);
  assert.deepEqual(
    last.map(({ seq }) => seq),
    [64, 65, 66],
  );
});

test("audit list filters by recipient, rule, team, kind and time", () => {
  const seqs = (text: string) => JSON.parse(run(text).stdout).map(({ seq }: { seq: number }) => seq);
  assert.deepEqual(seqs("list --recipient CEO@rival.example --json"), [1]);
  assert.deepEqual(seqs("list --rule recipients.deny --until 2026-11-23T12:00:30Z --json"), [1]);
  assert.deepEqual(seqs("list --team sales --json"), []);
  assert.equal(run("list --since 2026-11-24").stdout, "No record matches\n");
  assert.match(
    run("list --kind policy").stdout,
    /\n0 +2026-11-23 12:00:00 +- +- +policy loaded d2d2d2d2d2d2\n$/,
  );
});

test("audit open shows what nobody knows the end of, since when and why", () => {
  assert.equal(
    run("open").stdout,
    "rcp_lost  ops/writer  since 2026-11-23T12:00:00.000Z\n" +
      "    MultiMail's answer is unknown: The connection broke\n" +
      "rcp_new  ops/writer  since 2026-11-23T12:00:00.000Z\n" +
      "    No answer of MultiMail is on record: it is under way, or the gateway was stopped meanwhile\n",
  );
  const open: readonly { receipt: string }[] = JSON.parse(run("open --json").stdout);
  assert.deepEqual(
    open.map(({ receipt }) => receipt),
    ["rcp_lost", "rcp_new"],
  );
});

test("audit show tells what was asked, what was decided, and by which line of the policy then in force", () => {
  const { code, stdout } = run("show rcp_denied");
  assert.equal(code, 0);
  assert.match(stdout, /^rcp_denied {2}ops\/writer\n\nrecord 1 {2}2026-11-23T12:00:00\.000Z {2}intent\n/);
  assert.match(stdout, /^ {2}to +ceo@rival\.example$/m);
  assert.match(stdout, /^ {2}subject +Hello$/m);
  assert.match(
    stdout,
    /^ {2}deny +recipients\.deny: This is refused\n +By the line below\n +about ceo@rival\.example\n/m,
  );
  assert.ok(stdout.includes(`teams/ops.yaml:${line}:10  deny: ["*@rival.example"]\n`));
});

test("audit show does not show bodies or attachments, nor what a terminal would obey", () => {
  const shown = [run("show rcp_denied"), run("show rcp_denied --json"), run("show rcp_sent")];
  for (const { stdout } of shown) assert.doesNotMatch(stdout, /nobody's business|c2VjcmV0|secret/);
  assert.match(shown[0]?.stdout ?? "", /^ {2}body +29 bytes, not shown$/m);
  assert.match(shown[0]?.stdout ?? "", /^ {2}attachment +plan\.pdf \(application\/pdf, 6 bytes\)$/m);
  assert.match(shown[2]?.stdout ?? "", /^ {2}subject +\?\[31mOffer\?$/m);
  assert.match(shown[2]?.stdout ?? "", /record 3 .* outcome\n(?: {2}.*\n)* {2}result +accepted\n/);
});

test("audit show --json gives records, values and lines", () => {
  const { receipt, records, values, lines } = JSON.parse(run("show rcp_denied --json").stdout);
  assert.deepEqual([receipt, records.length], ["rcp_denied", 1]);
  assert.deepEqual(Object.values(values).sort(), ["Hello", "ceo@rival.example", "plan.pdf"]);
  assert.deepEqual(lines, { [`teams/ops.yaml:${line}:10`]: '  deny: ["*@rival.example"]' });
});

test("audit show goes on when the policy has no such line, and says when there is no such receipt", () => {
  assert.match(run(`show rcp_${"0".repeat(26)}`).stdout, /^ +gone\/ops\.yaml:999:1$/m);
  const { code, stderr } = run("show rcp_none");
  assert.deepEqual([code, stderr], [1, 'Cannot find receipt "rcp_none": the trail has no record of it\n']);
});

test("audit verify exits 0 for a whole trail", () => {
  assert.match(
    run("verify").stdout,
    /^The trail is whole: 67 records, root [0-9a-f]{64}\nNo checkpoint is signed\n$/,
  );
  assert.equal(JSON.parse(run("verify --json").stdout).size, 67);
});

test("audit says where it looked when there is no trail, or something else", () => {
  assert.deepEqual([inNone?.code, inNone?.stdout], [1, ""]);
  assert.match(inNone?.stderr ?? "", /^Cannot find a trail at "data\/trail\.sqlite": set DATA_DIR/);
  assert.equal(inOther?.code, 1);
  assert.match(inOther?.stderr ?? "", /^Cannot open trail "data\/trail\.sqlite": /);
});
