import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type AccessData, Sealer, verifyTrail } from "@countersign/trail";
import { personName } from "../terminal/person_name.ts";
import { createTrail, emailIntent } from "../testing/create_trail.ts";
import { type CommandResult, runCommands } from "../testing/run_commands.ts";
import { OPS } from "../testing/team_files.ts";
import { tempFolder } from "../testing/temp_folder.ts";

const cwd = tempFolder();
const trail = await createTrail(cwd, OPS);
await trail.append(emailIntent("rcp_one", { to: "jane@client.example", body: "Dear Jane,\n\u001b[31mred" }));
await trail.append(hostileNames("rcp_names"));
mkdirSync(join(cwd, "taken"));
writeFileSync(join(cwd, "taken/1_plan.pdf"), "mine");

const why = ["--bodies", "--reason", "Complaint of jane@client.example"];
const lines: Readonly<Record<string, readonly string[]>> = {
  "no reason": ["rcp_one", "--bodies"],
  "an empty reason": ["rcp_one", "--bodies", "--reason", " "],
  "a reason alone": ["rcp_one", "--reason", "Because"],
  "nobody's receipt": ["rcp_none", ...why],
  nobody: ["rcp_one", ...why],
  "a reader": ["rcp_one", ...why],
  "a reader, as JSON": ["rcp_one", ...why, "--json"],
  "a reader who saves": ["rcp_one", ...why, "--save", "saved"],
  "a reader who would write over": ["rcp_one", ...why, "--save", "taken"],
  "a reader of hostile names": ["rcp_names", ...why, "--save", "hostile"],
};
const readers = { AUDIT_BODY_READERS: `somebody.else, ${personName()}` };
const results = await runCommands(
  Object.entries(lines).map(([name, args]) => ({
    args: ["audit", "show", ...args],
    cwd,
    env: name.includes("reader") ? readers : { AUDIT_BODY_READERS: "somebody.else" },
  })),
);
const run = (name: string): CommandResult => results[Object.keys(lines).indexOf(name)] ?? assert.fail(name);
const asked: { receipt: string | null; team: string | null; data: AccessData }[] = [];
for await (const { record } of trail.records({ kind: "access" })) {
  asked.push({ receipt: record.receipt, team: record.team, data: record.data });
}
const values = await trail.unseal(asked.flatMap(({ data }) => [data.by, data.reason]));
const isWhole = (await verifyTrail(trail)).ok;
await trail.close();

test("audit show --bodies wants a reason, and a reason wants --bodies", () => {
  for (const name of ["no reason", "an empty reason", "a reason alone"]) {
    assert.equal(run(name).code, 64, name);
    assert.match(run(name).stderr, /--reason/);
  }
});

test("audit show --bodies refuses whom AUDIT_BODY_READERS does not name, and says what to do", () => {
  const { code, stdout, stderr } = run("nobody");
  assert.deepEqual([code, stdout], [1, ""]);
  assert.equal(
    stderr,
    `Cannot show bodies to "${personName()}": AUDIT_BODY_READERS must name whoever may see them; that they were asked for is on record\n`,
  );
});

test("audit show --bodies shows a reader the body, and nothing that a terminal would obey", () => {
  const { code, stdout } = run("a reader");
  assert.equal(code, 0);
  assert.match(stdout, /^ {2}body +19 bytes$/m);
  assert.match(stdout, /^ {2}\| Dear Jane,\n {2}\| \?\[31mred$/m);
  assert.match(stdout, /^ {2}asked +bodies\n/m);
  const json = JSON.parse(run("a reader, as JSON").stdout);
  assert.ok(Object.values(json.values).includes("Dear Jane,\n\u001b[31mred"));
  assert.ok(!Object.values(json.values).includes("c2VjcmV0"), "attachments are saved, not printed");
});

test("audit show --save writes attachments for their owner alone, and over nothing", () => {
  assert.match(run("a reader who saves").stdout, /Wrote saved\/1_plan\.pdf \(6 bytes\)\n$/);
  const path = join(cwd, "saved/1_plan.pdf");
  assert.equal(readFileSync(path, "utf8"), "secret");
  assert.deepEqual([statSync(path).mode & 0o777, statSync(join(cwd, "saved")).mode & 0o777], [0o600, 0o700]);
  assert.equal(run("a reader who would write over").code, 1);
  assert.equal(readFileSync(join(cwd, "taken/1_plan.pdf"), "utf8"), "mine");
});

test("audit show --save keeps hostile file names in the folder", () => {
  assert.equal(run("a reader of hostile names").code, 0);
  const names = readdirSync(join(cwd, "hostile"));
  assert.deepEqual(names.sort(), ["1_.._.._etc_passwd", "2_a_b_c", "3_", `4_${"x".repeat(100)}`]);
});

test("audit show --bodies puts on record who asked, why, and what they were answered", () => {
  const what = asked.map(({ receipt, team, data }) => [receipt, team, data.result, data.asked, data.over]);
  assert.deepEqual(what, [
    ["rcp_one", "ops", "refused", "bodies", "cli"],
    ["rcp_one", "ops", "granted", "bodies", "cli"],
    ["rcp_one", "ops", "granted", "bodies", "cli"],
    ["rcp_one", "ops", "granted", "bodies_and_attachments", "cli"],
    ["rcp_one", "ops", "granted", "bodies_and_attachments", "cli"],
    ["rcp_names", "ops", "granted", "bodies_and_attachments", "cli"],
  ]);
  const [first] = asked;
  assert.equal(values.get(first?.data.by ?? ""), personName());
  assert.equal(values.get(first?.data.reason ?? ""), "Complaint of jane@client.example");
  assert.doesNotMatch(JSON.stringify(asked), /jane/);
  assert.ok(isWhole);
});

function hostileNames(receipt: string): ReturnType<typeof emailIntent> {
  const sealer = new Sealer();
  const intent = emailIntent(receipt, { to: "jane@client.example" });
  const names = ["../../etc/passwd", "a\u202eb\u0000c", "", "x".repeat(500)];
  const attachments = names.map((name) => ({
    name: sealer.seal("attachment_name", name),
    content_type: "text/plain",
    content: sealer.seal("attachment", "c2VjcmV0"),
    bytes: 6,
  }));
  const kept = (intent.sealed ?? []).filter(({ kind }) => !kind.startsWith("attachment"));
  return { ...intent, data: { ...intent.data, attachments }, sealed: [...kept, ...sealer.values] };
}
