import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createTrail, emailIntent, emailOutcome } from "../testing/create_trail.ts";
import { type CommandResult, runCommands } from "../testing/run_commands.ts";
import { OPS } from "../testing/team_files.ts";
import { tempFolder } from "../testing/temp_folder.ts";

const cwd = tempFolder();
const me = userInfo().username;
// It stays open while the commands run, as a gateway's does.
const trail = await createTrail(cwd, OPS);
await trail.append(emailIntent("rcp_one", { to: "jane@client.example", subject: "=Offer" }));
await trail.append(emailOutcome("rcp_one", "accepted"));
await trail.append(
  emailIntent("rcp_two", {
    to: "ceo@rival.example",
    denied: { rule: "recipients.deny", where: "ops.yaml:9:1" },
  }),
);
writeFileSync(join(cwd, "there.txt"), "keep me");

const lines: readonly (readonly [line: string, env?: Readonly<Record<string, string>>])[] = [
  ["prove rcp_one --out proof.json"],
  ["prove --seq 1 --tlog-proof"],
  ["export --out one.jsonl"],
  ["export --out one.jsonl"],
  ["export --out there.txt"],
  ["export --format pack --values --out two.tar.gz --json"],
  ["export --format csv"],
  ["export --format csv --values --effect deny --bom --out denied.csv"],
  ["export --format ocsf"],
  ["export --bodies --out bodies.jsonl"],
  ["export --bodies --reason case --out refused.jsonl"],
  ["export --bodies --reason case-4711 --out bodies.jsonl", { AUDIT_BODY_READERS: me }],
  ["export --format csv --bodies --reason case", { AUDIT_BODY_READERS: me }],
  ["export --format xml"],
  ["export --json"],
  ["export --out no/such/folder.jsonl"],
  ["export --team nobody"],
  ["export --team ops --rule recipients.deny"],
  ["export --team opps"],
  ["export --recipient client.example"],
  ["export --since 2026-02-30"],
  ["export --since 2026-11-24 --until 2026-11-23"],
  ["export --format csv --recipient jane@client.example --values"],
  ["export --format csv --recipient @client.example --kind intent --out domain.csv"],
  ["export --recipient jane@client.example --values --out jane.jsonl"],
  ["verify jane.jsonl"],
  [`export --format csv --person ${me} --kind export --values`],
  ["export --format csv --rows email --values"],
  ["export --rows email"],
  ["verify one.jsonl"],
  ["verify one.jsonl --json"],
  ["verify two.tar.gz"],
  ["verify bodies.jsonl"],
  ["verify there.txt"],
  ["verify missing.jsonl"],
  ["prove rcp_none"],
  ["prove"],
  ["prove --seq 1"],
  ["verify proof.json"],
  ["checkpoint"],
  ["prove --seq 1 --tlog-proof"],
  ["prove --seq 1 --tlog-proof --out one.tlog-proof"],
  ["verify one.tlog-proof"],
  ["verify one.jsonl --since data/checkpoints/0000000000000006.txt"],
  ["verify one.jsonl --since data/checkpoints/latest.txt"],
  ["prove rcp_two --out signed.json"],
  ["verify signed.json --json"],
  ["list --kind export --json"],
  ["list --kind export"],
];
const results = await runCommands(
  lines.map(([text, env = {}]) => ({ args: ["audit", ...text.split(" ")], cwd, env })),
);
const run = (text: string, nth = 0): CommandResult =>
  results.filter((_, index) => lines[index]?.[0] === text)[nth] ?? assert.fail(text);
const read = (name: string): string => readFileSync(join(cwd, name), "utf8");
await trail.close();

test("audit export writes a file that audit verify finds whole", () => {
  const { code, stdout, stderr } = run("export --out one.jsonl");
  assert.deepEqual([code, stdout], [0, ""]);
  assert.equal(stderr, 'Wrote records 0 to 5 into "one.jsonl"; record 4 says so\n');
  const verified = run("verify one.jsonl");
  assert.match(verified.stdout, /^The export is whole: records 0 to 5 of 6, root [\da-f]{64}\n/);
  assert.match(
    verified.stdout,
    /^6 shown, 0 withheld\n1 checkpoint signed, the latest of 6 records; 0 records/m,
  );
  assert.equal(verified.code, 0);
  const { ok, shown, withheld, export: header } = JSON.parse(run("verify one.jsonl --json").stdout);
  assert.deepEqual([ok, shown, withheld, header.record, header.values], [true, 6, 0, 4, []]);
});

test("audit export carries the checkpoint that it signs, and audit verify compares others with it or says that it cannot", () => {
  const own = run("verify one.jsonl --since data/checkpoints/0000000000000006.txt");
  assert.match(own.stdout, /^It extends the checkpoint in .*0006\.txt", of 6 records$/m);
  const later = run("verify one.jsonl --since data/checkpoints/latest.txt");
  assert.equal(later.code, 1);
  assert.match(later.stdout, /^record 6: cut_off: .*\nThe export is NOT whole: 6 shown, 0 withheld\n$/m);
});

test("audit export never overwrites, and then nothing is on record", () => {
  for (const result of [run("export --out one.jsonl", 1), run("export --out there.txt")]) {
    assert.equal(result.code, 1);
    assert.match(
      result.stderr,
      /^Cannot write ".*": there is such a file already, and nothing is overwritten\n$/,
    );
  }
  assert.equal(read("there.txt"), "keep me");
  assert.equal(run("export --out no/such/folder.jsonl").code, 1);
  assert.ok(readdirSync(cwd).every((name) => !name.endsWith(".partial")));
});

test("audit export has no values without --values, and no bodies without --bodies", () => {
  const [plain, all] = [read("one.jsonl"), read("bodies.jsonl")];
  for (const secret of ["jane@", "Offer", "nobody's business", "plan.pdf", "c2VjcmV0"])
    assert.equal([plain.includes(secret), all.includes(secret)].join(), "false,true", secret);
});

test("audit export --bodies is for those whom AUDIT_BODY_READERS names, with a reason", () => {
  assert.deepEqual([run("export --bodies --out bodies.jsonl").code], [64]);
  const refused = run("export --bodies --reason case --out refused.jsonl");
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /AUDIT_BODY_READERS/);
  assert.ok(!readdirSync(cwd).includes("refused.jsonl"));
  assert.equal(run("export --bodies --reason case-4711 --out bodies.jsonl").code, 0);
  assert.match(run("verify bodies.jsonl").stdout, /^The export is whole: .*\n.*body, attachment\n/);
  assert.equal(run("export --format csv --bodies --reason case").code, 64);
});

test("audit export --format pack makes a pack that a stranger can verify", () => {
  const { stdout } = run("export --format pack --values --out two.tar.gz --json");
  const { out, format, from, to, size } = JSON.parse(stdout);
  assert.deepEqual([out, format, from, to], ["two.tar.gz", "pack", 0, size]);
  assert.equal(run("verify two.tar.gz").code, 0);
  const folder = join(cwd, "pack");
  mkdirSync(folder);
  execFileSync("tar", ["-xzf", join(cwd, "two.tar.gz"), "-C", folder]);
  for (const [program, file] of [
    [process.execPath, "verify.mjs"],
    ["python3", "verify.py"],
  ] as const)
    assert.match(execFileSync(program, [file], { cwd: folder, encoding: "utf8" }), /^Everything agrees: /);
});

test("audit export writes CSV and OCSF to standard output", () => {
  const rows = run("export --format csv").stdout.split("\r\n");
  assert.match(rows[0] ?? "", /^seq,time,kind,team,/);
  assert.match(rows[2] ?? "", /^1,2026-11-23T12:00:00\.000Z,intent,ops,writer,rcp_one,"?send held/);
  assert.match(read("denied.csv"), /^\ufeffseq,.*\r\n3,.*,ceo@rival\.example,rival\.example,Hello,/);
  const events = run("export --format ocsf").stdout.trimEnd().split("\n");
  assert.deepEqual(
    events.map((line) => JSON.parse(line).metadata.event_code),
    ["intent", "outcome", "intent"],
  );
  assert.equal(JSON.parse(events[0] ?? "").email.from, "ops@acme.multimail.dev");
});

test("audit export records what left, before it leaves", () => {
  const records: readonly { data: { format: string; values: readonly string[] } }[] = JSON.parse(
    run("list --kind export --json").stdout,
  );
  // Also when it then could not be written.
  assert.deepEqual(
    records.map(({ data }) => `${data.format} ${data.values.length}`),
    [
      ...["jsonl 0", "pack 5", "csv 0", "csv 5", "ocsf 0", "jsonl 7", "jsonl 0", "jsonl 0"],
      ...["csv 5", "csv 0", "jsonl 5", "csv 5", "csv 5"],
    ],
  );
});

test("audit list tells in words what left", () => {
  const { stdout } = run("list --kind export");
  assert.match(stdout, / export pack with values$/m);
  assert.match(stdout, / export csv effect deny with values$/m);
  assert.match(stdout, / export jsonl with bodies$/m);
});

test("audit export shows the others of a filter by their hashes only", () => {
  const { stdout } = run("export --team ops --rule recipients.deny");
  assert.ok(!stdout.includes("rcp_one"));
  const shown = stdout.split("\n").filter((line) => line.startsWith('{"assistant":'));
  assert.deepEqual(
    shown.map((line) => JSON.parse(line).kind),
    ["policy", "intent", "key", ...Array(4).fill("checkpoint"), "export"],
  );
});

test("audit export refuses what names nothing, and puts nothing on record then", () => {
  const wanted = {
    "export --team nobody": /^Unknown team "nobody": known are ops$/m,
    "export --team opps": /^Unknown team "opps": did you mean "ops"\?$/m,
    "export --recipient client.example": /did you mean @client\.example\?/,
    "export --since 2026-02-30": /there is no day 2026-02-30/,
    "export --since 2026-11-24 --until 2026-11-23": /^--until must be later than --since/,
    "export --rows email": /^--rows goes with --format csv only/,
  };
  for (const [text, message] of Object.entries(wanted)) {
    assert.equal(run(text).code, 64, text);
    assert.match(run(text).stderr, message);
  }
});

test("audit export --recipient, --kind and --person show those records only, and name nobody in clear on record", () => {
  const rows = run("export --format csv --recipient jane@client.example --values").stdout.split("\r\n");
  assert.deepEqual([rows.length, rows[1]?.includes("rcp_one")], [3, true]);
  assert.match(read("domain.csv"), /^[^\n]*\n1,.*,client\.example,.*\n$/s);
  assert.equal(run("verify jane.jsonl").code, 0);
  const text = read("jane.jsonl");
  assert.ok(text.includes('"rcp_one"') && !text.includes('"rcp_two"'));
  for (const line of text.split("\n").filter((one) => !one.startsWith('{"value":')))
    assert.doesNotMatch(line, /jane@/);
  const own = run(`export --format csv --person ${me} --kind export --values`).stdout.split("\r\n");
  assert.ok(own.length > 5 && own.slice(1, -1).every((row) => row.includes(`,export,`) && row.includes(me)));
  assert.match(run("list --kind export").stdout, / export jsonl recipient \(one address\) with values/);
});

test("audit export --rows email writes a row an email", () => {
  const [names, ...rows] = run("export --format csv --rows email --values").stdout.trimEnd().split("\r\n");
  assert.match(names ?? "", /^receipt,team,assistant,action,.*,asked_at,/);
  assert.deepEqual(
    rows.map((row) => row.split(",")[0]),
    ["rcp_one", "rcp_two"],
  );
  assert.match(rows[0] ?? "", /,accepted,.*,to jane@client\.example,'=Offer,/);
});

test("audit export and audit prove take only what they understand", () => {
  for (const text of ["export --format xml", "export --json", "prove"])
    assert.equal(run(text).code, 64, text);
});

test("audit verify says what it cannot read", () => {
  assert.match(run("verify there.txt").stderr, /^Cannot read export "there\.txt": it must begin with/);
  assert.match(run("verify missing.jsonl").stderr, /^Cannot read export "missing\.jsonl": ENOENT/);
});

test("audit prove proves a receipt's records by a root, and by a checkpoint once one is signed", () => {
  assert.match(run("prove rcp_one --out proof.json").stderr, /^No checkpoint covers this yet/);
  const { records, checkpoint } = JSON.parse(read("proof.json"));
  assert.deepEqual([records.length, checkpoint], [2, null]);
  assert.match(
    run("verify proof.json").stdout,
    /^The proof holds: 2 records in a tree of \d+ records, by a root/,
  );
  assert.match(run("prove rcp_none").stderr, /^Cannot find receipt "rcp_none"/);
  assert.equal(JSON.parse(run("prove --seq 1").stdout).records[0].index, 1);
  const early = run("prove --seq 1 --tlog-proof");
  assert.equal(early.code, 1);
  const late = run("prove --seq 1 --tlog-proof", 1);
  assert.match(late.stdout, /^c2sp\.org\/tlog-proof@v1\nextra .*\nindex 1\n/);
  assert.match(
    run("verify one.tlog-proof").stdout,
    /^The proof holds: 1 record in a tree of \d+ records, by a sig/,
  );
  assert.deepEqual(JSON.parse(run("verify signed.json --json").stdout).ok, true);
});
