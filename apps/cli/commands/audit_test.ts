import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { accessEntry, keyChangeEntry } from "@countersign/trail";
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

const about = { at: NOON + 120_000, team: "ops", assistant: "writer" };
const looked = { result: "granted", asked: "bodies", over: "cli", by: "ann", reason: "a case" } as const;
await trail.append(accessEntry(looked, { ...about, receipt: "rcp_sent" }));
const added = { change: "added", hashes: [`sha256:${"0a".repeat(32)}`], person: "ann" } as const;
await trail.append(keyChangeEntry(added, { ...about, policy: null }));

const lines = [
  "list",
  "list --json",
  "list --limit 3 --json",
  "list --recipient CEO@rival.example --json",
  "list --rule recipients.deny --until 2026-11-23T12:00:30Z --json",
  "list --since 2026-11-24",
  "list --kind policy",
  "list --team sales --json",
  "list --team opps",
  "list --team ops --assistant wirter",
  "list --assistant raeder --json",
  "list --rule recipients.den",
  "list --rule limits",
  "list --receipt rcp_sen",
  "list --email em-1 --json",
  "list --email em-2",
  "list --by nobody",
  "list --recipient client.example",
  "list --recipient @client.example --json",
  "list --recipient jane@cliemt.example",
  "list --recipient *@client.example",
  "list --recipient a@b@c",
  "list --kind outcome --effect deny",
  "list --kind intent --by ann",
  "list --since 2026-11-24 --until 2026-11-23",
  "list --since 2026-02-30",
  "list --since 2026-11-23T13:00 --until 2026-11-23T13:00:30 --tz Europe/Berlin --limit 1",
  "list --since 2026-11-01 --tz Europe/Berln",
  "list --team ops --team sales",
  "list --kind access",
  "list --kind key",
  "list --by ANN --json",
  "show --seq 67",
  "show --seq 67 --json",
  "show --seq 900",
  "show rcp_sent --seq 3",
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

test("audit list prints the newest 50, the newest last, in columns, and says of how many", () => {
  const { code, stdout } = run("list");
  const shown = stdout.trimEnd().split("\n");
  assert.deepEqual([code, shown.length, shown.pop()], [0, 52, "50 of 69 records; --limit 69 shows all"]);
  assert.match(shown[0] ?? "", /^SEQ {2}TIME \(UTC\) +WHO +RECEIPT +WHAT$/);
  // In a pipe nothing is cut.
  assert.match(
    shown.at(-3) ?? "",
    /^66 +2026-11-23 12:01:00 +ops\/writer +rcp_0{24}59 +send denied recipients\.deny, to @(?:very-){10}long\.example$/,
  );
  const columns = shown.slice(0, -2).map((row) => row.search(/rcp_|RECEIPT/));
  assert.equal(new Set(columns).size, 1);
});

test("audit list --json prints one array of all records, or says that it does not", () => {
  const records: readonly { seq: number }[] = JSON.parse(run("list --json").stdout);
  assert.deepEqual([records.length, records[0]?.seq, records.at(-1)?.seq], [69, 0, 68]);
  assert.equal(run("list --json").stderr, "");
  const { stdout, stderr } = run("list --limit 3 --json");
  const last: readonly { seq: number; person: string | null }[] = JSON.parse(stdout);
  assert.deepEqual(
    last.map(({ seq, person }) => [seq, person]),
    [
      [66, null],
      [67, "ann"],
      [68, "ann"],
    ],
  );
  assert.equal(stderr, "3 of 69 records; --limit 69 shows all\n");
});

/** A filter that names what there is not → what is said of it. */
const UNKNOWN: Readonly<Record<string, RegExp>> = {
  "list --team opps": /^Unknown team "opps": did you mean "ops"\?$/,
  "list --team sales --json": /^Unknown team "sales": known are ops$/,
  "list --team ops --assistant wirter": /^Unknown assistant of team ops "wirter": did you mean "writer"\?$/,
  "list --assistant raeder --json": /^Unknown assistant "raeder": did you mean "reader"\?$/,
  "list --rule recipients.den": /^Unknown rule "recipients.den": did you mean "recipients\.deny"\?$/,
  "list --receipt rcp_sen": /^Unknown receipt "rcp_sen": did you mean "rcp_sent"\?$/,
  "list --email em-2": /^Unknown email "em-2": did you mean "em-1"\?$/,
  "list --by nobody": /^Unknown person "nobody": known are ann$/,
  "list --recipient client.example": /did you mean @client\.example\?: write /,
  "list --recipient *@client.example": /did you mean @client\.example\?: write /,
  "list --recipient a@b@c": /^"a@b@c" is no address/,
  "list --kind outcome --effect deny": /^--effect tells intents apart, and finds none among --kind outcome/,
  "list --kind intent --by ann": /^--by finds nothing among --kind intent/,
  "list --since 2026-11-24 --until 2026-11-23": /^--until must be later than --since/,
  "list --since 2026-02-30": /^Cannot take "2026-02-30" for --since <time>, there is no day 2026-02-30/,
  "list --since 2026-11-01 --tz Europe/Berln": /did you mean Europe\/Berlin\?/,
  "list --team ops --team sales": /^--team <team> is given twice/,
  "show rcp_sent --seq 3": /^Either a receipt or --seq <n> is needed/,
};

test("audit refuses a value that is unknown, with the nearest, instead of finding nothing", async (t) => {
  for (const [text, message] of Object.entries(UNKNOWN))
    await t.test(text, () => {
      const { code, stdout, stderr } = run(text);
      assert.deepEqual([code, text.includes("--json") ? "" : stdout], [64, ""]);
      assert.match(stderr.trimEnd(), message);
      assert.equal(stderr.split("\n").length, 2);
    });
});

test("audit list finds by MultiMail's id, by domain, and by person", () => {
  const seqs = (text: string) => JSON.parse(run(text).stdout).map(({ seq }: { seq: number }) => seq);
  assert.deepEqual(seqs("list --email em-1 --json"), [2, 3, 67]);
  assert.deepEqual(seqs("list --recipient @client.example --json"), [2, 4, 6]);
  assert.deepEqual(seqs("list --by ANN --json"), [67, 68]);
  assert.equal(run("list --rule limits").stdout, "No record matches\n");
  assert.equal(
    run("list --recipient jane@cliemt.example").stdout,
    'No record matches; did you mean "@client.example"?\n',
  );
});

test("audit list shows the person who did it, and times in the zone that is asked for", () => {
  assert.match(
    run("list --kind access").stdout,
    /\n67 +\S+ \S+ +ann +rcp_sent +access granted: bodies, of ops\/writer\n1 of 1 record\n$/,
  );
  assert.match(run("list --kind key").stdout, /\n68 +\S+ \S+ +ann +- +key added sha256:0a0a0a0a0a0a/);
  const { stdout } = run(
    "list --since 2026-11-23T13:00 --until 2026-11-23T13:00:30 --tz Europe/Berlin --limit 1",
  );
  assert.match(stdout, /^SEQ {2}TIME \(Europe\/Berlin\).*\n\d+ +2026-11-23 13:00:/);
});

test("audit show --seq shows a record without a receipt, and says when there is none", () => {
  const { code, stdout } = run("show --seq 67");
  assert.equal(code, 0);
  assert.match(stdout, /^rcp_sent {2}ops\/writer\n\nrecord 67 .* access\n(?: {2}.*\n)* {2}by +ann\n/);
  const { records, values, receipt } = JSON.parse(run("show --seq 67 --json").stdout);
  assert.deepEqual([records.length, receipt, Object.values(values)], [1, "rcp_sent", ["ann", "a case"]]);
  assert.equal(run("show --seq 900").stderr, "Cannot find record 900: the trail has 69, the last is 68\n");
});

test("audit list filters by recipient, rule, team, kind and time", () => {
  const seqs = (text: string) => JSON.parse(run(text).stdout).map(({ seq }: { seq: number }) => seq);
  assert.deepEqual(seqs("list --recipient CEO@rival.example --json"), [1]);
  assert.deepEqual(seqs("list --rule recipients.deny --until 2026-11-23T12:00:30Z --json"), [1]);
  assert.equal(run("list --since 2026-11-24").stdout, "No record matches\n");
  assert.match(
    run("list --kind policy").stdout,
    /\n0 +2026-11-23 12:00:00 +- +- +policy loaded d2d2d2d2d2d2\n1 of 1 record\n$/,
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
  assert.deepEqual(
    [code, stderr],
    [
      1,
      'Cannot find receipt "rcp_none": the trail has no record of it; audit list --email finds MultiMail\'s ids\n',
    ],
  );
});

test("audit verify exits 0 for a whole trail", () => {
  assert.match(
    run("verify").stdout,
    /^The trail is whole: 69 records, root [0-9a-f]{64}\nNo checkpoint is signed\n$/,
  );
  assert.equal(JSON.parse(run("verify --json").stdout).size, 69);
});

test("audit says where it looked when there is no trail, or something else", () => {
  assert.deepEqual([inNone?.code, inNone?.stdout], [1, ""]);
  assert.match(inNone?.stderr ?? "", /^Cannot find a trail at "data\/trail\.sqlite": set DATA_DIR/);
  assert.equal(inOther?.code, 1);
  assert.match(inOther?.stderr ?? "", /^Cannot open trail "data\/trail\.sqlite": /);
});
