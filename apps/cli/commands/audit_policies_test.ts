import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type PolicyEntryOptions, policyEntry } from "@countersign/trail";
import { openSqliteTrail } from "@countersign/trail/sqlite";
import { runCommands } from "../testing/run_commands.ts";
import { OPS } from "../testing/team_files.ts";
import { tempFolder } from "../testing/temp_folder.ts";

const TIGHTER = OPS.replace("max_per_email", "max_per_email ").replace("deny:", "allow: []\n  deny:");
const [FIRST, SECOND] = ["a1".repeat(32), "b2".repeat(32)];
const ANN = { id: "0123456789abcdef".repeat(3).slice(0, 40), author: "Ann Lead <ann@acme.example>" };

const folder = tempFolder({});
mkdirSync(join(folder, "data"));
const trail = await openSqliteTrail(join(folder, "data/trail.sqlite"));
const load = (at: string, policy: string, text: string, commit?: PolicyEntryOptions["commit"]) => {
  const hash = createHash("sha256").update(text).digest("hex");
  const data = { result: "loaded" as const, files: [{ name: "ops.yaml", hash }] };
  return trail.append(policyEntry(data, { at: Date.parse(at), policy, texts: [{ hash, text }], commit }));
};
await load("2026-11-01T08:00:00Z", FIRST, OPS);
await load("2026-11-03T08:00:00Z", SECOND, TIGHTER, { ...ANN, isDirty: false });
await load("2026-11-04T08:00:00Z", FIRST, OPS, { ...ANN, isDirty: true });
await trail.close();

const [listed, json, team, teamJson, first, second, before, zoned, unknown, nobody] = await runCommands([
  { args: ["audit", "policies"], cwd: folder },
  { args: ["audit", "policies", "--json"], cwd: folder },
  { args: ["audit", "policies", "--team", "ops", "--tz", "Europe/Paris"], cwd: folder },
  { args: ["audit", "policies", "ops", "--json"], cwd: folder },
  { args: ["audit", "policies", "--at", "2026-11-02", "ops"], cwd: folder },
  { args: ["audit", "policies", "--at", "2026-11-03T12:00Z", "ops", "--json"], cwd: folder },
  { args: ["audit", "policies", "--at", "2026-10-31", "ops"], cwd: folder },
  { args: ["audit", "policies", "--at", "2026-11-03T08:59", "--tz", "Europe/Paris", "ops"], cwd: folder },
  { args: ["audit", "policies", "--at", "2026-11-02", "opps"], cwd: folder },
  { args: ["audit", "policies", "--at", "2026-11-02"], cwd: folder },
]);

test("countersign audit policies lists what was in force from when to when, by whose commit, and what changed", () => {
  assert.equal(listed?.code, 0, listed?.stderr);
  assert.equal(
    listed.stdout,
    `FROM                 UNTIL                POLICY        COMMIT                        BY                           CHANGED
2026-11-01 08:00:00  2026-11-03 08:00:00  a1a1a1a1a1a1  -                             -                            ops.yaml
2026-11-03 08:00:00  2026-11-04 08:00:00  b2b2b2b2b2b2  0123456789ab                  Ann Lead <ann@acme.example>  ops.yaml
2026-11-04 08:00:00  in force             a1a1a1a1a1a1  0123456789ab (changed since)  Ann Lead <ann@acme.example>  ops.yaml
`,
  );
  const [one, two] = JSON.parse(json?.stdout ?? "");
  assert.deepEqual(one, {
    ...{ policy: FIRST, seq: 0, since: "2026-11-01T08:00:00.000Z", until: "2026-11-03T08:00:00.000Z" },
    ...{ files: 1, changed: one.changed, commit: null, author: null, dirty: false },
  });
  assert.deepEqual([two.commit, two.author, two.dirty], [ANN.id, ANN.author, false]);
});

test("countersign audit policies lists the versions of one team's file", () => {
  assert.match(
    team?.stdout ?? "",
    /^FROM +UNTIL +FILE +COMMIT +BY\n2026-11-01 09:00:00 +2026-11-03 09:00:00 +[\da-f]{12} +- +-\n2026-11-03 09:00:00 /,
  );
  assert.equal(JSON.parse(teamJson?.stdout ?? "").length, 3);
});

test("countersign audit policies --at prints the text of that moment, as it was", () => {
  assert.deepEqual(first, { code: 0, stdout: OPS, stderr: "" });
  const { text, author, since } = JSON.parse(second?.stdout ?? "");
  assert.deepEqual([text, author, since], [TIGHTER, ANN.author, "2026-11-03T08:00:00.000Z"]);
  assert.equal(zoned?.stdout, OPS);
});

test("countersign audit policies --at says when nothing was in force, and which team is not known", () => {
  assert.equal(before?.code, 1);
  assert.match(before.stderr, /the policy of "ops": none was in force at 2026-10-31 00:00:00 \(UTC\)/);
  assert.equal(unknown?.code, 64);
  assert.match(unknown.stderr, /Unknown team "opps": did you mean "ops"\?/);
  assert.equal(nobody?.code, 64);
  assert.match(
    nobody.stderr,
    /^--at needs the team whose file is to be printed: write "countersign audit policies \[team\]"$/im,
  );
});
