import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { hashAssistantKey } from "@countersign/host";
import { refusedEntry, verifyTrail } from "@countersign/trail";
import { openSqliteTrail } from "@countersign/trail/sqlite";
import { type CommandResult, runCommands } from "../testing/run_commands.ts";
import { OPS } from "../testing/team_files.ts";
import { tempFolder } from "../testing/temp_folder.ts";

const OLD = `sha256:${"0a".repeat(32)}`;
const NEW = `sha256:${"1b".repeat(32)}`;
const ROTATING = OPS.replace("keys: [] ", `keys: ["${OLD}", "${NEW}"] `);

const fresh = tempFolder({ "teams/ops.yaml": OPS });
const rotating = tempFolder({ "teams/ops.yaml": ROTATING });
const all = tempFolder({ "teams/ops.yaml": ROTATING });
const broken = tempFolder({ "teams/ops.yaml": OPS, "teams/b.yaml": "team: b\n" });
const beside = tempFolder({ "teams/ops.yaml": ROTATING, "teams/b.yaml": "team: [\n" });
const within = tempFolder({ "teams/ops.yaml": `${ROTATING}recipient: {}\n` });
const locked = tempFolder({ "teams/ops.yaml": OPS, "teams/.ops.yaml.new": "" });
const noTrail = tempFolder({ "teams/ops.yaml": ROTATING, "data/trail.sqlite": "not a database" });
const recorded = tempFolder({ "teams/ops.yaml": ROTATING });
mkdirSync(join(recorded, "data"));
// A gateway has it open and appends while keys are changed.
const trail = await openSqliteTrail(join(recorded, "data/trail.sqlite"));
const refusal = refusedEntry([], { at: 0, policy: null });
await trail.append(refusal);

const lines: readonly (readonly [cwd: string, line: string])[] = [
  [fresh, "keys new ops/writer"],
  [fresh, "keys new ops/writer --json"],
  [fresh, "keys new ops/writer"],
  [fresh, "keys list"],
  [fresh, "keys list ops/reader --json"],
  [fresh, "keys new ops/wirter"],
  [fresh, "keys revoke ops/reader --all"],
  [rotating, "keys revoke ops/writer 0a"],
  [rotating, "keys revoke ops/writer ffff"],
  [rotating, `keys revoke ops/writer csk_${"S3cr3t".repeat(7)}x`],
  [rotating, "keys revoke ops/writer SHA256:0A0A0A"],
  [all, "keys revoke ops/writer --all --json"],
  [broken, "keys new ops/writer"],
  [beside, "keys revoke ops/writer 0a0a"],
  [beside, "keys revoke ops/nobody 0a0a"],
  [within, "keys revoke ops/writer --all --json"],
  [locked, "keys new ops/writer"],
  [noTrail, "keys revoke ops/writer 0a0a"],
  [noTrail, "keys new ops/writer"],
  [recorded, "keys revoke ops/writer 0a0a"],
  [recorded, "keys new ops/writer"],
];
const results = await runCommands(lines.map(([cwd, line]) => ({ cwd, args: line.split(" ") })));

test("keys new prints the key alone on stdout, and writes its hash into the file", () => {
  const { code, stdout, stderr } = resultOf(fresh, "keys new ops/writer");
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^csk_[\w-]{43}\n$/);
  const second = JSON.parse(resultOf(fresh, "keys new ops/writer --json").stdout);
  assert.equal(second.hash, hashAssistantKey(second.key));
  const hashes = [hashAssistantKey(stdout.trim()), second.hash];
  assert.equal(
    textOf(fresh),
    OPS.replace("keys: [] ", `keys: [${hashes.map((hash) => `"${hash}"`).join(", ")}] `),
  );
  assert.deepEqual(readdirSync(join(fresh, "teams")), ["ops.yaml"]);
});

test("keys new says that no trail has it on record", () => {
  assert.match(
    resultOf(fresh, "keys new ops/writer").stderr,
    /^Not on record: there is no trail at "data\/trail\.sqlite"/m,
  );
});

test("keys revoke works whatever other files say, or the rest of the team's own", () => {
  const { code, stdout, stderr } = resultOf(beside, "keys revoke ops/writer 0a0a");
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^Revoked sha256:0a0a0a0a0a0a of ops\/writer, which has 1 key left\n/);
  assert.match(stderr, /the revoked key ends all the same/);
  assert.equal(readFileSync(join(beside, "teams/ops.yaml"), "utf8"), ROTATING.replace(`"${OLD}", `, ""));
  assert.equal(resultOf(beside, "keys revoke ops/nobody 0a0a").code, 1);
  assert.equal(resultOf(within, "keys revoke ops/writer --all --json").code, 0);
  const left = readFileSync(join(within, "teams/ops.yaml"), "utf8");
  assert.ok(!left.includes("sha256:") && left.includes("recipient: {}"));
});

test("keys new refuses a third key, and says which to revoke", () => {
  const { code, stdout, stderr } = results[2] ?? assert.fail();
  assert.deepEqual([code, stdout], [1, ""]);
  assert.match(
    stderr,
    /^Cannot issue a third key of ops\/writer: revoke the older .*keys revoke ops\/writer sha256:/,
  );
  const [first] = /sha256:[0-9a-f]{12}/.exec(textOf(fresh)) ?? [];
  assert.ok(stderr.includes(`keys revoke ops/writer ${first}"`));
});

test("keys list shows the beginnings of hashes", () => {
  const { code, stdout } = resultOf(fresh, "keys list");
  assert.equal(code, 0);
  assert.match(stdout, /^(?:ops\/writer {2}sha256:[0-9a-f]{12}\n){2}ops\/reader {2}no key\n$/);
  const json = resultOf(fresh, "keys list ops/reader --json").stdout;
  assert.deepEqual(JSON.parse(json), [{ team: "ops", assistant: "reader", keys: [] }]);
});

test("keys new and revoke refuse an assistant that is not there, and one without a key", () => {
  assert.match(resultOf(fresh, "keys new ops/wirter").stderr, /did you mean "writer"\?/);
  const { code, stderr } = resultOf(fresh, "keys revoke ops/reader --all");
  assert.deepEqual([code, stderr], [1, "Cannot revoke a key of ops/reader: it has none\n"]);
});

test("keys revoke takes out the key whose hash begins so, and nothing else", () => {
  const { code, stdout } = resultOf(rotating, "keys revoke ops/writer SHA256:0A0A0A");
  assert.deepEqual([code, stdout], [0, "Revoked sha256:0a0a0a0a0a0a of ops/writer, which has 1 key left\n"]);
  assert.equal(textOf(rotating), OPS.replace("keys: [] ", `keys: ["${NEW}"] `));
});

test("keys revoke refuses what names no key, or too many, and never shows a key", () => {
  for (const prefix of ["0a", "ffff"]) {
    const { code, stderr } = resultOf(rotating, `keys revoke ops/writer ${prefix}`);
    assert.equal(code, 1);
    assert.match(
      stderr,
      /none begins with at least 4 digits of that hash, it has sha256:0a0a0a0a0a0a and sha256:1b/,
    );
  }
  const key = `csk_${"S3cr3t".repeat(7)}x`;
  const { code, stderr } = resultOf(rotating, `keys revoke ops/writer ${key}`);
  assert.deepEqual(
    [code, stderr],
    [1, `Cannot revoke by the key itself: its hash begins with ${hashAssistantKey(key).slice(0, 19)}\n`],
  );
});

test("keys revoke --all leaves none", () => {
  const { code, stdout } = resultOf(all, "keys revoke ops/writer --all --json");
  const { revoked, left } = JSON.parse(stdout);
  assert.deepEqual([code, revoked.length, left], [0, 2, 0]);
  assert.equal(textOf(all), OPS);
});

test("keys new changes nothing while the policies have a problem, or somebody else changes the file", () => {
  const inBroken = resultOf(broken, "keys new ops/writer");
  assert.deepEqual([inBroken.code, inBroken.stdout, textOf(broken)], [1, "", OPS]);
  assert.match(inBroken.stderr, /^Cannot use the policies in "\.\/teams":\n {2}teams\/b\.yaml:/);
  const inLocked = resultOf(locked, "keys new ops/writer");
  assert.deepEqual([inLocked.code, inLocked.stdout, textOf(locked)], [1, "", OPS]);
  assert.match(inLocked.stderr, /somebody else is changing it; if nobody is, remove ".*\.ops\.yaml\.new"/);
});

test("keys revoke works without a usable trail, and says so; keys new does not", () => {
  const revoked = resultOf(noTrail, "keys revoke ops/writer 0a0a");
  assert.equal(revoked.code, 1);
  assert.match(revoked.stdout, /^Revoked sha256:0a0a/);
  assert.match(revoked.stderr, /^Not on record: Cannot open trail /);
  const added = resultOf(noTrail, "keys new ops/writer");
  assert.deepEqual([added.code, added.stdout], [1, ""]);
  assert.equal(textOf(noTrail), OPS.replace("keys: [] ", `keys: ["${NEW}"] `));
});

test("keys new and revoke go on record in the trail that a gateway appends to", async () => {
  assert.match(resultOf(recorded, "keys revoke ops/writer 0a0a").stderr, /^The trail has it on record$/m);
  const added = resultOf(recorded, "keys new ops/writer").stdout.trim();
  await trail.append(refusal);
  const records = [];
  for await (const { record } of trail.records()) records.push(record);
  assert.deepEqual(
    records.map(({ kind, team, assistant, data }) => [kind, team, assistant, data.change, data.hashes]),
    [
      ["refused", null, null, undefined, undefined],
      ["key", "ops", "writer", "revoked", [OLD]],
      ["key", "ops", "writer", "added", [hashAssistantKey(added)]],
      ["refused", null, null, undefined, undefined],
    ],
  );
  assert.ok(!JSON.stringify(records).includes(added));
  assert.ok((await verifyTrail(trail)).ok);
  await trail.close();
});

function resultOf(cwd: string, line: string): CommandResult {
  const index = lines.findIndex((candidate) => candidate[0] === cwd && candidate[1] === line);
  return results[index] ?? assert.fail(`No result of "${line}"`);
}

function textOf(cwd: string): string {
  return readFileSync(join(cwd, "teams/ops.yaml"), "utf8");
}
