import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type ErasureData, verifyTrail } from "@countersign/trail";
import { createTrail, emailIntent, emailOutcome } from "../testing/create_trail.ts";
import { type CommandResult, runCommands } from "../testing/run_commands.ts";
import { runProcess } from "../testing/run_process.ts";
import { OPS } from "../testing/team_files.ts";
import { tempFolder } from "../testing/temp_folder.ts";

const cwd = tempFolder();
// It stays open while the commands write, as a gateway's does.
const trail = await createTrail(cwd, OPS);
for (const [receipt, to, body] of [
  ["rcp_ann", "ann+x@client.example", "Dear Ann"],
  ["rcp_bob", "bob@client.example", "Ask Ann@client.example"],
  ["rcp_open", "carl@client.example", "Dear Carl"],
  ["rcp_lead", "lead@acme.example", "Dear lead"],
] as const) {
  await trail.append(emailIntent(receipt, { to, body }));
  if (receipt !== "rcp_open") await trail.append(emailOutcome(receipt, "refused"));
}

const why = ["--reason", "Request 17"];
const ann = ["--person", "ANN@client.example", ...why];
const lines: Readonly<Record<string, readonly string[]>> = {
  nobody: [...why],
  "no reason": ["--person", "ann@client.example"],
  "no address": ["--person", "Ann Lee", ...why],
  "a pattern": ["--person", "*@client.example", ...why],
  "a reason that names": ["--person", "ann@client.example", "--reason", "ann+x@client.example wants it"],
  "dry run": [...ann, "--dry-run"],
  "dry run of an open email": ["--person", "carl@client.example", ...why, "--dry-run"],
  "open email": ["--person", "carl@client.example", ...why, "--yes"],
  "nobody to ask": [...ann],
  yes: [...ann, "--yes"],
  again: [...ann, "--yes", "--json"],
  mentions: [...ann, "--yes", "--mentions", "--json"],
  "open email, by force": ["--person", "carl@client.example", ...why, "--yes", "--force", "--json"],
  "a person in a policy": ["--person", "lead@acme.example", ...why, "--yes", "--by", "Data officer"],
};
const results = await runCommands(
  Object.values(lines).map((args) => ({ args: ["audit", "erase", ...args], cwd })),
);
const run = (name: string): CommandResult => results[Object.keys(lines).indexOf(name)] ?? assert.fail(name);
const erasures: ErasureData[] = [];
for await (const { record } of trail.records({ kind: "erasure" })) erasures.push(record.data);
const values = await trail.unseal(erasures.flatMap(({ by, reason }) => [by ?? "", reason ?? ""]));
const bytes = readFileSync(join(cwd, "data/trail.sqlite"), "latin1");
const verified = await verifyTrail(trail);
await trail.close();

test("audit erase wants one person, and a reason that does not name them", () => {
  for (const name of ["nobody", "no reason", "no address", "a pattern", "a reason that names"]) {
    assert.equal(run(name).code, 64, name);
    assert.equal(run(name).stderr.trimEnd().split("\n").length, 1);
  }
});

test("audit erase --dry-run shows what would go, and erases nothing", () => {
  const { code, stdout } = run("dry run");
  assert.equal(code, 0);
  assert.equal(
    stdout,
    "Would be erased:\n  1 times the address\n  4 subjects, bodies, file names and attachments of 1 emails\n  0 other texts\n  1 texts of emails to others that name the address stay (--mentions)\n",
  );
  assert.equal(run("dry run of an open email").code, 0);
});

test("audit erase leaves an email alone that is not settled, unless it is forced", () => {
  assert.equal(run("open email").code, 1);
  assert.match(
    run("open email").stderr,
    /^Cannot erase yet: it is not known what became of rcp_open, .*--force\n$/,
  );
  const forced = JSON.parse(run("open email, by force").stdout);
  assert.deepEqual([forced.done, forced.found.unsettled], [true, ["rcp_open"]]);
});

test("audit erase asks, and nobody to answer means no", () => {
  const { code, stdout, stderr } = run("nobody to ask");
  assert.deepEqual([code, stdout], [1, "Nothing was erased\n"]);
  assert.match(stderr, /^This cannot be undone:\n {2}1 times the address\n[\s\S]*Erase it\? \[y\/N\] /);
});

test("audit erase erases, says on which record, and what it does not cover", () => {
  const { code, stdout } = run("yes");
  assert.equal(code, 0);
  assert.match(stdout, /^Erased and overwritten, on record as 8:\n {2}1 times the address\n/);
  assert.match(
    stdout,
    /\nNot covered: team files, MultiMail itself, exports, saved attachments, logs, and backups/,
  );
  assert.match(
    run("a person in a policy").stdout,
    /\nPolicies on record name this person and stay: ops\.yaml\n/,
  );
  assert.ok(!bytes.includes("ann+x@client") && !bytes.includes("Dear Ann") && bytes.includes("bob@client"));
});

test("audit erase has nothing left to do, but for mentions", () => {
  const again = JSON.parse(run("again").stdout);
  assert.deepEqual(
    [again.done, again.records, again.found.addresses, again.found.mentions],
    [true, [], 0, 1],
  );
  assert.deepEqual(JSON.parse(run("mentions").stdout).records, [9]);
  assert.ok(!/ann@client/i.test(bytes));
});

test("audit erase is on record, sealed, and the trail stays whole", () => {
  assert.deepEqual(
    erasures.map(({ because, commitments, below }) => [because, commitments.length, below]),
    [
      ["person", 5, null],
      ["person", 1, null],
      ["person", 5, null],
      ["person", 5, null],
    ],
  );
  assert.equal(values.get(erasures[0]?.reason ?? ""), "Request 17");
  assert.equal(values.get(erasures[3]?.by ?? ""), "Data officer");
  assert.ok(verified.ok, JSON.stringify(verified));
});

test("audit erase takes an answer", async () => {
  const folder = tempFolder();
  const own = await createTrail(folder, OPS);
  await own.append(
    emailIntent("rcp_dan", { to: "dan@client.example", denied: { rule: "x", where: "a.yaml:1:1" } }),
  );
  await own.close();
  const args = ["audit", "erase", "--person", "dan@client.example", ...why];
  const no = await runProcess({ args, cwd: folder, input: "n\n" });
  assert.deepEqual([no.code, no.stdout], [1, "Nothing was erased\n"]);
  const yes = await runProcess({ args, cwd: folder, input: "y\n" });
  assert.equal(yes.code, 0);
  assert.match(yes.stdout, /^Erased and overwritten, on record as 2:\n/);
});
