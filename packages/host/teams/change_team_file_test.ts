import assert from "node:assert/strict";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { addAssistantKey, changeTeamFile, createAssistantKey, loadTeams } from "../mod.ts";

const TEAM =
  "team: a\nmailbox: { id: m, address: a@acme.example }\napprovers: [lead@acme.example]\nassistants:\n  - id: w # writes\n";

test("changeTeamFile() changes the file, and keeps its mode and the link to it", async () => {
  const folder = teamsWith({});
  mkdirSync(join(folder, "real"));
  writeFileSync(join(folder, "real/a.yaml"), TEAM, { mode: 0o600 });
  chmodSync(join(folder, "real/a.yaml"), 0o640);
  symlinkSync("real/a.yaml", join(folder, "a.yaml"));
  const { hash } = createAssistantKey();
  const result = await changeTeamFile(folder, "a", (text) => addAssistantKey(text, "w", hash));
  assert.ok(result.ok);
  assert.deepEqual(result.policies.teams.get("a")?.assistants.get("w")?.keys, [hash]);
  assert.equal(readFileSync(join(folder, "a.yaml"), "utf8"), `${TEAM}    keys: ["${hash}"]\n`);
  assert.equal(statSync(join(folder, "real/a.yaml")).mode & 0o777, 0o640);
  assert.deepEqual(
    readdirSync(folder, { withFileTypes: true }).map((entry) => [entry.name, entry.isSymbolicLink()]),
    [
      ["a.yaml", true],
      ["real", false],
    ],
  );
  assert.deepEqual(readdirSync(join(folder, "real")), ["a.yaml"]);
  const loaded = await loadTeams(folder);
  assert.equal(loaded.ok && loaded.policies.hash, result.policies.hash);
});

test("changeTeamFile() leaves the file as it is when the policies then have a problem", async () => {
  const folder = teamsWith({ "a.yaml": TEAM });
  const result = await changeTeamFile(folder, "a", (text) => `${text}oversigt: none\n`);
  assert.match(result.ok ? "" : (result.problems[0]?.message ?? ""), /Unknown key "oversigt"/);
  assert.equal(readFileSync(join(folder, "a.yaml"), "utf8"), TEAM);
  assert.deepEqual(readdirSync(folder), ["a.yaml"]);
});

test("changeTeamFile() changes nothing while any file of the folder has a problem", async () => {
  const folder = teamsWith({ "a.yaml": TEAM, "b.yaml": "team: c\n" });
  const result = await changeTeamFile(folder, "a", () => assert.fail("Expected no change"));
  assert.equal(result.ok, false);
});

test("changeTeamFile() refuses an unknown team, wherever its name leads", async () => {
  const folder = teamsWith({ "a.yaml": TEAM, "_organisation.yaml": "internal: [acme.example]\n" });
  for (const team of ["b", "../a", "_organisation", ""])
    await assert.rejects(changeTeamFile(folder, team, String), /Cannot change team "/);
});

test("changeTeamFile() does not write over another's change", async () => {
  const folder = teamsWith({ "a.yaml": TEAM });
  const path = join(folder, "a.yaml");
  const meanwhile = changeTeamFile(folder, "a", (text) => {
    writeFileSync(path, `${text}# theirs\n`);
    return `${text}# ours\n`;
  });
  await assert.rejects(meanwhile, /somebody else has just changed it, try again/);
  assert.equal(readFileSync(path, "utf8"), `${TEAM}# theirs\n`);
  assert.deepEqual(readdirSync(folder), ["a.yaml"]);
});

test("changeTeamFile() lets one of many at a time change a file, and loses nobody's change", async () => {
  const folder = teamsWith({ "a.yaml": TEAM });
  const changes = Array.from({ length: 8 }, (_, index) =>
    changeTeamFile(folder, "a", (text) => `${text}# ${index}\n`),
  );
  const settled = await Promise.allSettled(changes);
  const done = settled.flatMap(({ status }, index) => (status === "fulfilled" ? [`# ${index}`] : []));
  assert.ok(done.length > 0);
  const written = readFileSync(join(folder, "a.yaml"), "utf8").slice(TEAM.length).trim().split("\n");
  assert.deepEqual(written.sort(), done.sort());
});

test("changeTeamFile() says what to do about what a crash left behind", async () => {
  const folder = teamsWith({ "a.yaml": TEAM, ".a.yaml.new": "" });
  await assert.rejects(
    changeTeamFile(folder, "a", (text) => `${text}#\n`),
    /somebody else is changing it; if nobody is, remove ".*\.a\.yaml\.new"/,
  );
  assert.deepEqual(readdirSync(folder), [".a.yaml.new", "a.yaml"]);
});

function teamsWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "countersign-"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}
