import assert from "node:assert/strict";
import { appendFileSync, cpSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { loadSettledTeams } from "./load_settled_teams.ts";
import { loadTeams } from "./load_teams.ts";
import { SeenTeams } from "./seen_teams.ts";

const TEAMS = resolve(import.meta.dirname, "../../../teams");

test("loadSettledTeams() gives what is in the folder now, however old the look is that it begins with", async () => {
  const folder = mkdtempSync(join(tmpdir(), "countersign-"));
  cpSync(TEAMS, folder, { recursive: true });
  const before = await loadTeams(folder);
  assert.ok(before.ok);
  const seen = new SeenTeams(folder);
  await seen.look();
  appendFileSync(join(folder, "sales.yaml"), "# changed\n");
  const loaded = await loadSettledTeams(folder, { known: before.policies, seen });
  assert.ok(loaded.ok);
  assert.notEqual(loaded.policies.hash, before.policies.hash);
  assert.deepEqual(loaded, await loadTeams(folder));
});
