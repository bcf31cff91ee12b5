import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { teamsCommit } from "./teams_commit.ts";

const ANN = "Ann Lead <ann@acme.example>";

/** A checkout with a folder of policies in it. */
function checkout(t: TestContext, more: readonly string[] = []) {
  const root = mkdtempSync(join(tmpdir(), "countersign-"));
  t.after(() => rmSync(root, { recursive: true }));
  const teams = join(root, "mail/teams");
  mkdirSync(teams, { recursive: true });
  const git = (...args: readonly string[]) =>
    execFileSync(
      "git",
      [
        "-c",
        "user.name=Ann Lead",
        "-c",
        "user.email=ann@acme.example",
        "-c",
        "commit.gpgsign=false",
        ...args,
      ],
      { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
    ).trim();
  git("init", "-q", ...more);
  const write = (name: string, text: string) => writeFileSync(join(teams, name), text);
  const commit = () => {
    git("add", "-A");
    git("commit", "-qm", "a change");
    return git("rev-parse", "HEAD");
  };
  return { root, teams, git, write, commit };
}

function filesOf(texts: Readonly<Record<string, string>>) {
  return Object.entries(texts).map(([name, text]) => ({ name, hash: "", text }));
}

test("teamsCommit() names the last commit that changed the folder, who made it, and whether the files are as in it", async (t) => {
  const { root, teams, write, commit } = checkout(t);
  assert.equal(await teamsCommit(teams, []), undefined);
  write("a.yaml", "team: a\n");
  write("a_test.yaml", "tests: []\n");
  write("grüße.yaml", "team: grüße\n");
  const id = commit();
  writeFileSync(join(root, "README.md"), "elsewhere\n");
  commit();
  const files = { "a.yaml": "team: a\n", "grüße.yaml": "team: grüße\n" };
  const clean = { id, author: ANN, isDirty: false };
  assert.deepEqual(await teamsCommit(teams, filesOf(files)), clean);
  for (const changed of [
    { ...files, "a.yaml": "team: b\n" },
    { ...files, "new.yaml": "team: new\n" },
    { "a.yaml": files["a.yaml"] },
  ])
    assert.deepEqual(await teamsCommit(teams, filesOf(changed)), { ...clean, isDirty: true });
  // What is in the index, or a test, is no other policy.
  write("a_test.yaml", "tests: [1]\n");
  assert.deepEqual(await teamsCommit(teams, filesOf(files)), clean);
});

test("teamsCommit() reads repositories that hash with SHA-256", async (t) => {
  const { teams, write, commit } = checkout(t, ["--object-format=sha256"]);
  write("a.yaml", "team: a\n");
  const id = commit();
  assert.equal(id.length, 64);
  assert.deepEqual(await teamsCommit(teams, filesOf({ "a.yaml": "team: a\n" })), {
    ...{ id, author: ANN, isDirty: false },
  });
});

test("teamsCommit() finds none outside a checkout, in an ignored folder, and where there is no folder", async (t) => {
  const outside = mkdtempSync(join(tmpdir(), "countersign-"));
  t.after(() => rmSync(outside, { recursive: true }));
  assert.equal(await teamsCommit(outside, []), undefined);
  assert.equal(await teamsCommit(join(outside, "none"), []), undefined);
  const { root, commit } = checkout(t);
  writeFileSync(join(root, ".gitignore"), "data\n");
  mkdirSync(join(root, "data/teams"), { recursive: true });
  writeFileSync(join(root, "data/teams/a.yaml"), "team: a\n");
  commit();
  assert.equal(await teamsCommit(join(root, "data/teams"), filesOf({ "a.yaml": "team: a\n" })), undefined);
});

test("teamsCommit() runs nothing that the repository names", async (t) => {
  const { root, teams, git, write, commit } = checkout(t);
  write("a.yaml", "team: a\n");
  const id = commit();
  const ran = join(root, "ran");
  const script = join(root, "script.sh");
  writeFileSync(script, `#!/bin/sh\ntouch ${ran}\ncat\n`, { mode: 0o755 });
  for (const [key, value] of [
    ["core.fsmonitor", script],
    ["core.pager", script],
    ["core.hooksPath", root],
    ["core.sshCommand", script],
    ["filter.evil.clean", script],
    ["filter.evil.smudge", script],
    ["filter.evil.process", script],
    ["diff.evil.textconv", script],
    ["diff.external", script],
    ["log.showSignature", "true"],
    ["gpg.program", script],
  ] as const)
    git("config", key, value);
  writeFileSync(join(root, ".gitattributes"), "*.yaml filter=evil diff=evil\n");
  write("a.yaml", "team: b\n");
  assert.deepEqual(await teamsCommit(teams, filesOf({ "a.yaml": "team: b\n" })), {
    ...{ id, author: ANN, isDirty: true },
  });
  assert.ok(!existsSync(ran));
});
