import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as nextTick } from "node:timers/promises";
import type { PolicyLoadResult } from "@countersign/core/policy";
import { linkTeams } from "@countersign/lifecycle/testing/link-teams";
import { MultiMailClient } from "@countersign/multimail";
import { type TrailEntry, type TrailStore, TrailUnavailableError } from "@countersign/trail";
import { pino } from "pino";
import { Metrics } from "../operations/metrics.ts";
import { MultiMailClients } from "./multimail_clients.ts";
import { PolicyReloader } from "./policy_reloader.ts";

const TEAM =
  "team: a\nmailbox: { id: m, address: a@acme.example }\napprovers: [lead@acme.example]\nassistants: []\n";
const BEFORE = linkTeams({ "a.yaml": TEAM });
const AFTER = linkTeams({ "a.yaml": `${TEAM}description: changed\n` });

/** A reloader whose trail and folder do what the test wants; MultiMail shows it nothing. */
function start(load: (signal: AbortSignal) => Promise<PolicyLoadResult>) {
  const entries: TrailEntry<"policy">[] = [];
  const disk = { isFull: false };
  const append = async (entry: TrailEntry<"policy">) => {
    if (disk.isFull) throw new TrailUnavailableError("Cannot append to the trail: disk full");
    return { ok: true, seq: entries.push(entry) - 1 } as const;
  };
  const trail = {
    append,
    appendAll: (all: readonly TrailEntry<"policy">[]) => Promise.all(all.map(append)),
  } as Partial<TrailStore> as TrailStore;
  const lines: string[] = [];
  const log = pino({ level: "info" }, { write: (line: string) => void lines.push(line) });
  const clients = new MultiMailClients({
    env: { MULTIMAIL_API_KEY: "k" },
    log,
    openClient: (_, apiKey) => new MultiMailClient({ baseUrl: "http://127.0.0.1:9", apiKey }),
  });
  clients.open(BEFORE);
  const live = { peek: () => undefined, get: async () => undefined };
  const world = { trail, live, clock: Date.now, log, metrics: new Metrics() };
  const reloader = new PolicyReloader(world, {
    policies: BEFORE,
    clients,
    load: (_, signal) => load(signal),
  });
  return { reloader, entries, disk, lines };
}

test("PolicyReloader keeps the old policies while the trail cannot take the new ones", async () => {
  const { reloader, disk, entries } = start(async () => ({ ok: true, policies: AFTER }));
  disk.isFull = true;
  assert.equal(await reloader.reload(), "failed");
  assert.equal(reloader.inForce, BEFORE);
  assert.match(reloader.problem ?? "", /not in force, but those before them: Cannot append to the trail/);
  disk.isFull = false;
  assert.equal(await reloader.reload(), "loaded");
  assert.equal(reloader.inForce, AFTER);
  assert.equal(reloader.problem, undefined);
  assert.equal(entries.length, 1);
});

test("PolicyReloader has new policies on record before they are in force", async () => {
  const { reloader, entries } = start(async () => ({ ok: true, policies: AFTER }));
  const push = entries.push.bind(entries);
  entries.push = (...items) => {
    assert.equal(reloader.inForce, BEFORE);
    return push(...items);
  };
  assert.equal(await reloader.reload(), "loaded");
  assert.equal(entries[0]?.policy, AFTER.hash);
});

test("PolicyReloader records nothing when nothing changed, and forgets what was wrong in between", async () => {
  const problem = { where: { file: "a.yaml", line: 1, column: 1 }, path: "", message: "x" };
  const results: PolicyLoadResult[] = [
    { ok: false, problems: [problem] },
    { ok: true, policies: structuredClone(BEFORE) },
  ];
  const { reloader, entries } = start(async () => results.shift() ?? { ok: true, policies: AFTER });
  assert.equal(await reloader.reload(), "refused");
  assert.match(reloader.problem ?? "", /1 problem, first at a\.yaml:1:1$/);
  assert.equal(await reloader.reload(), "unchanged");
  assert.equal(reloader.problem, undefined);
  assert.equal(reloader.inForce, BEFORE);
  assert.deepEqual(
    entries.map(({ data }) => data.result),
    ["refused"],
  );
});

test("PolicyReloader logs every problem at its place, without anybody's address", async () => {
  const problems = Array.from({ length: 120 }, (_, index) => ({
    where: { file: "teams/a.yaml", line: index + 1, column: 2 },
    path: "approvers[0]",
    message: 'Not an address: "jane@@acme.example"',
  }));
  const { reloader, lines } = start(async () => ({ ok: false, problems }));
  assert.equal(await reloader.reload(), "refused");
  for (let line = 1; line <= 120; line++) {
    assert.ok(
      lines.some((text) => text.includes(`"teams/a.yaml:${line}:2: `)),
      `line ${line}`,
    );
  }
  assert.ok(!lines.join("").includes("jane"));
});

test("PolicyReloader reads once more for all who ask while it reads", async () => {
  let [running, most, count] = [0, 0, 0];
  const { reloader } = start(async () => {
    count++;
    most = Math.max(most, ++running);
    for (let turn = 0; turn < 10; turn++) await nextTick();
    running--;
    return { ok: true, policies: BEFORE };
  });
  const first = reloader.reload();
  while (running === 0) await nextTick();
  const rest = Array.from({ length: 50 }, () => reloader.reload());
  await Promise.all([first, ...rest]);
  assert.deepEqual([count, most], [2, 1]);
});

test("PolicyReloader gives up reading when it is closed, and says nothing wrong about that", async () => {
  const { reloader, lines } = start(
    (signal) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  );
  const reloading = reloader.reload();
  for (let turn = 0; turn < 5; turn++) await nextTick();
  await reloader.close();
  assert.equal(await reloading, "failed");
  assert.deepEqual(lines, []);
});
