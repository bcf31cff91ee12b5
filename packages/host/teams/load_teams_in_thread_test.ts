import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { appendFileSync, cpSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { packResult, unpackResult } from "./_parcel.ts";
import { loadTeams } from "./load_teams.ts";
import { loadTeamsInThread } from "./load_teams_in_thread.ts";

const TEAMS = resolve(import.meta.dirname, "../../../teams");

test("loadTeamsInThread() gives what loadTeams() gives", async () => {
  const loaded = await loadTeams(TEAMS);
  assert.ok(loaded.ok);
  assert.deepEqual(await loadTeamsInThread(TEAMS), loaded);
});

test("loadTeamsInThread() gives every problem, in order", async () => {
  const folder = mkdtempSync(join(tmpdir(), "countersign-"));
  for (let i = 0; i < 30; i++) writeFileSync(join(folder, `t${i}.yaml`), `team: t${i}\nhours: 9-5\n`);
  const loaded = await loadTeams(folder);
  assert.ok(!loaded.ok && loaded.problems.length > 60);
  assert.deepEqual(await loadTeamsInThread(folder), loaded);
});

test("loadTeamsInThread() ends when it is told to", async () => {
  const controller = new AbortController();
  const loading = loadTeamsInThread(TEAMS, { signal: controller.signal });
  controller.abort();
  await assert.rejects(loading, /Cannot load policies: the thread has ended/);
  await assert.rejects(loadTeamsInThread(TEAMS, { signal: controller.signal }), { name: "AbortError" });
});

test("loadTeamsInThread() takes from the known set what did not change, and nothing else", async () => {
  const folder = mkdtempSync(join(tmpdir(), "countersign-"));
  cpSync(TEAMS, folder, { recursive: true });
  const known = await loadTeams(folder);
  assert.ok(known.ok);
  appendFileSync(join(folder, "sales.yaml"), "# changed\n");
  const { teams: before } = known.policies;
  const changed = await loadTeamsInThread(folder, { known: known.policies });
  assert.ok(changed.ok);
  assert.deepEqual(changed, await loadTeams(folder));
  for (const [team, policy] of changed.policies.teams) {
    assert.equal(policy === before.get(team), team !== "sales", team);
  }
  // The organisation's file bounds every team: each policy may be another.
  appendFileSync(join(folder, "_organisation.yaml"), "# changed\n");
  const all = await loadTeamsInThread(folder, { known: changed.policies });
  assert.ok(all.ok);
  for (const [team, policy] of all.policies.teams) assert.notEqual(policy, changed.policies.teams.get(team));
});

test("unpackResult() puts a set of many parcels together again", async () => {
  const folder = mkdtempSync(join(tmpdir(), "countersign-"));
  for (let i = 0; i < 50; i++) {
    const keys = ["a", "b"].map(
      (half) => `sha256:${createHash("sha256").update(`${half}${i}`).digest("hex")}`,
    );
    writeFileSync(
      join(folder, `t${i}.yaml`),
      `team: t${i}\nmailbox: { id: m${i}, address: t${i}@acme.example }\napprovers: [lead@acme.example]\n` +
        `assistants: [{ id: a${i}, keys: ${JSON.stringify(keys)} }]\n`,
    );
  }
  const loaded = await loadTeams(folder);
  assert.ok(loaded.ok && loaded.policies.keys.size === 100);
  const parcels = [...packResult(loaded, new Map())];
  assert.equal(parcels.length, 20);
  assert.deepEqual(await unpackResult(arriving(structuredClone(parcels)), undefined), loaded);
});

async function* arriving<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}
