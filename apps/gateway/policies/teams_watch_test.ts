import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { hashTeams, SeenTeams } from "@countersign/host";
import { pino } from "pino";
import type { ReloadResult } from "../operations/metrics.ts";
import { until } from "../testing/start_folder.ts";
import { TeamsWatch } from "./teams_watch.ts";

/** Watches a folder; every reload ends as `results` say, then well. */
async function watched(t: TestContext, dir: string, results: ReloadResult[] = [], pollMs = 60_000) {
  const seen: string[] = [];
  const reload = async () => {
    seen.push(await hashTeams(dir));
    return results.shift() ?? "loaded";
  };
  const hash = await hashTeams(dir);
  const watch = new TeamsWatch({
    seen: new SeenTeams(dir),
    hash,
    reload,
    log: pino({ level: "silent" }),
    pollMs,
  });
  watch.start();
  t.after(() => watch.stop());
  // The first look is over, and finds nothing.
  await sleep(100);
  assert.deepEqual(seen, []);
  return {
    seen,
    /** Waits until what is in the folder was reloaded. */
    reloaded: async () => {
      const now = await hashTeams(dir);
      await until(() => seen.at(-1) === now, "the reload");
    },
  };
}

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), "countersign-"));
  writeFileSync(join(dir, "a.yaml"), "team: a\n");
  return dir;
}

test("TeamsWatch sees files written, replaced, added and removed, together when they change together", async (t) => {
  const dir = folder();
  const { seen, reloaded } = await watched(t, dir);
  writeFileSync(join(dir, "a.yaml"), "team: b\n");
  await reloaded();
  writeFileSync(join(dir, ".a.yaml.swp"), "team: c\n");
  renameSync(join(dir, ".a.yaml.swp"), join(dir, "a.yaml"));
  await reloaded();
  for (let i = 0; i < 50; i++) {
    writeFileSync(join(dir, `t${i}.yaml`), "");
    if (i % 10 === 0) await sleep(10);
  }
  await reloaded();
  rmSync(join(dir, "a.yaml"));
  await reloaded();
  assert.equal(seen.length, 4);
});

test("TeamsWatch sees the links swapped that a Kubernetes config map is made of", async (t) => {
  const dir = mkdtempSync(join(tmpdir(), "countersign-"));
  const version = (name: string, text: string) => {
    mkdirSync(join(dir, name));
    writeFileSync(join(dir, name, "a.yaml"), text);
    symlinkSync(name, join(dir, "..data_tmp"));
    renameSync(join(dir, "..data_tmp"), join(dir, "..data"));
  };
  version("..2026_01", "team: a\n");
  symlinkSync(join("..data", "a.yaml"), join(dir, "a.yaml"));
  const { reloaded, seen } = await watched(t, dir);
  version("..2026_02", "team: b\n");
  await reloaded();
  assert.equal(seen.length, 1);
});

test("TeamsWatch outlives the folder's going, and finds it when it comes back", async (t) => {
  const parent = mkdtempSync(join(tmpdir(), "countersign-"));
  const [dir, away] = [join(parent, "teams"), join(parent, "away")];
  renameSync(folder(), dir);
  const { seen, reloaded } = await watched(t, dir, ["refused"]);
  // Gone for so short a moment that nobody need know.
  renameSync(dir, away);
  renameSync(away, dir);
  await sleep(500);
  assert.deepEqual(seen, []);
  renameSync(dir, away);
  await until(() => seen.length === 1, "the folder's absence");
  renameSync(away, dir);
  await reloaded();
  // It is another folder than the one that was watched at first.
  writeFileSync(join(dir, "a.yaml"), "team: b\n");
  await reloaded();
  assert.equal(seen.length, 3);
});

test("TeamsWatch finds by looking what nothing tells it", async (t) => {
  const parent = mkdtempSync(join(tmpdir(), "countersign-"));
  const dir = join(parent, "current");
  symlinkSync(folder(), dir);
  const { reloaded } = await watched(t, dir, [], 50);
  const next = folder();
  writeFileSync(join(next, "a.yaml"), "team: next\n");
  symlinkSync(next, join(parent, "new"));
  renameSync(join(parent, "new"), dir);
  await reloaded();
});

test("TeamsWatch passes over what is no policy", async (t) => {
  const dir = folder();
  const { seen } = await watched(t, dir, [], 50);
  writeFileSync(join(dir, "README.md"), "x");
  writeFileSync(join(dir, "a_test.yaml"), "x");
  writeFileSync(join(dir, "a.yaml"), "team: a\n");
  await sleep(500);
  assert.deepEqual(seen, []);
});

test("TeamsWatch reloads what failed again, and not what was refused", async (t) => {
  const dir = folder();
  const { seen } = await watched(t, dir, ["failed", "failed", "refused"], 50);
  writeFileSync(join(dir, "a.yaml"), "team: b\n");
  await until(() => seen.length === 3, "three reloads");
  await sleep(300);
  assert.equal(seen.length, 3);
});
