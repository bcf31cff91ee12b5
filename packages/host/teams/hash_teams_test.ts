import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { hashTeams } from "./hash_teams.ts";
import { loadTeams } from "./load_teams.ts";

const TEAMS = resolve(import.meta.dirname, "../../../teams");

test("hashTeams() is the hash of the policies that the folder holds", async () => {
  const loaded = await loadTeams(TEAMS);
  assert.ok(loaded.ok);
  assert.equal(await hashTeams(TEAMS), loaded.policies.hash);
});

test("hashTeams() changes with every change that matters, and with no other", async () => {
  const folder = mkdtempSync(join(tmpdir(), "countersign-"));
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const seen = new Set([await hashTeams(folder)]);
  const changes: readonly (() => void)[] = [
    () => write("a.yaml", "team: a\n"),
    () => write("a.yaml", "team: b\n"),
    () => renameSync(join(folder, "a.yaml"), join(folder, "b.yaml")),
    () => symlinkSync("nowhere", join(folder, "c.yaml")),
    () => write("d.yml", ""),
    () => rmSync(folder, { recursive: true }),
    () => writeFileSync(folder, ""),
  ];
  for (const [index, change] of changes.entries()) {
    change();
    seen.add(await hashTeams(folder));
    assert.equal(seen.size, index + 2, `change ${index}`);
  }
  rmSync(folder);
  mkdirSync(folder);
  write("b_test.yaml", "tests: []\n");
  write("README.md", "x");
  write(".b.yaml.swp", "x");
  assert.ok(seen.has(await hashTeams(folder)));
});
