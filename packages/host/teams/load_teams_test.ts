import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { test } from "node:test";
import { formatProblem, type PolicyLoadResult } from "@countersign/core/policy";
import { manyTeams } from "../testing/many_teams.ts";
import { loadTeams } from "./load_teams.ts";

const TEAMS = resolve(import.meta.dirname, "../../../teams");

test("loadTeams() loads the repository's own teams", async () => {
  const result = await loadTeams(TEAMS);
  assert.ok(result.ok);
  assert.deepEqual([...result.policies.teams.keys()], ["finance", "marketing", "sales"]);
  assert.match(result.policies.hash, /^[0-9a-f]{64}$/);
});

test("loadTeams() shows files as people would type them", async () => {
  const inside = await loadTeams(TEAMS);
  assert.ok(inside.ok);
  assert.equal(
    inside.policies.teams.get("sales")?.source.file,
    `${relative(process.cwd(), TEAMS)}/sales.yaml`,
  );
  const folder = teamsWith({ "a.yaml": "b: 1\n" });
  const [problem = ""] = problems(await loadTeams(folder));
  assert.ok(problem.startsWith(`${folder}/a.yaml:1:1: `), problem);
});

test("loadTeams() lets others have a turn while it loads many files", async () => {
  const folder = mkdtempSync(join(tmpdir(), "countersign-"));
  for (const [name, text] of Object.entries(manyTeams(400))) writeFileSync(join(folder, name), text);
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  const loading = loadTeams(folder).then(({ ok }) => [ok, turns]);
  const [ok, seen] = await loading;
  clearInterval(timer);
  rmSync(folder, { recursive: true });
  assert.equal(ok, true);
  // One is had in any case: the folder is listed before.
  assert.ok(Number(seen) > 2, `${seen} turns`);
});

test("loadTeams() passes over tests, hidden files and what is no YAML, and nothing else", async () => {
  const folder = teamsWith({
    "a.yaml": TEAM,
    "a_test.yaml": "tests: []\n",
    ".#a.yaml": "x",
    "README.md": "x",
    "a.yaml~": "x",
    "a.yaml.bak": "x",
  });
  mkdirSync(join(folder, "..data.yaml"));
  assert.ok((await loadTeams(folder)).ok);
  writeFileSync(join(folder, "B.YAML"), "");
  writeFileSync(join(folder, "c.yml"), "");
  assert.deepEqual(
    problems(await loadTeams(folder)).map((line) => /: (File name must \w+)/.exec(line)?.[1]),
    ["File name must be", "File name must end"],
  );
});

test("loadTeams() says when the folder is missing, a file or empty", async () => {
  const folder = teamsWith({ file: "" });
  assert.match(problems(await loadTeams(join(folder, "none"))).join(), /there is no such folder/);
  assert.match(problems(await loadTeams(join(folder, "file"))).join(), /it is a file/);
  assert.match(problems(await loadTeams(folder)).join(), /No team file in /);
});

test("loadTeams() follows links to files and to nothing else", async () => {
  const folder = teamsWith({ "..data": TEAM });
  symlinkSync("..data", join(folder, "a.yaml"));
  assert.ok((await loadTeams(folder)).ok);
  symlinkSync("nowhere", join(folder, "b.yaml"));
  symlinkSync("c.yaml", join(folder, "c.yaml"));
  symlinkSync(".", join(folder, "d.yaml"));
  symlinkSync("/dev/zero", join(folder, "e.yaml"));
  assert.deepEqual(
    problems(await loadTeams(folder)).map((line) => line.slice(folder.length + 1)),
    [
      "b.yaml:1:1: Cannot read file: it, or what it links to, is not there",
      "c.yaml:1:1: Cannot read file: its links lead in a circle",
      "d.yaml:1:1: Cannot read file: it is not a regular file",
      "e.yaml:1:1: Cannot read file: it is not a regular file",
    ],
  );
});

test("loadTeams() does not wait for a pipe", { skip: process.platform === "win32" }, async () => {
  const folder = teamsWith({ "a.yaml": TEAM });
  execFileSync("mkfifo", [join(folder, "b.yaml")]);
  assert.match(
    problems(await loadTeams(folder)).join(),
    /b.yaml:1:1: Cannot read file: it is not a regular file/,
  );
});

test("loadTeams() does not read a huge file to its end", async () => {
  const folder = teamsWith({ "a.yaml": TEAM });
  truncateSync(join(folder, "a.yaml"), 8 * 1024 ** 3);
  assert.match(problems(await loadTeams(folder)).join(), /File must not be larger than 1 MiB/);
});

const TEAM =
  "team: a\nmailbox: { id: m, address: a@acme.example }\napprovers: [lead@acme.example]\nassistants: []\n";

function teamsWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "countersign-"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

function problems(result: PolicyLoadResult): readonly string[] {
  assert.ok(!result.ok);
  return result.problems.map(formatProblem);
}
