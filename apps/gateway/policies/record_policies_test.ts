import assert from "node:assert/strict";
import { test } from "node:test";
import { linkTeams } from "@countersign/lifecycle/testing/link-teams";
import type { TrailEntry, TrailStore } from "@countersign/trail";
import { recordPolicies, recordRefusedPolicies } from "./record_policies.ts";

const team = (name: string) =>
  `team: ${name}\nmailbox: { id: m-${name}, address: ${name}@acme.example }\napprovers: [lead@acme.example]\nassistants: []\n`;

function recorder() {
  const entries: TrailEntry<"policy">[] = [];
  const append = async (entry: TrailEntry<"policy">) => ({ ok: true, seq: entries.push(entry) - 1 }) as const;
  const trail = {
    append,
    appendAll: (all: readonly TrailEntry<"policy">[]) => Promise.all(all.map(append)),
  } as Partial<TrailStore> as TrailStore;
  return { entries, world: { trail, clock: () => 1000 } };
}

test("recordPolicies() names every file, and keeps only the texts that are new", async () => {
  const { entries, world } = recorder();
  const before = linkTeams({ "a.yaml": team("a"), "b.yaml": team("b") });
  const after = linkTeams({ "a.yaml": team("a"), "b.yaml": `${team("b")}# changed\n` });
  await recordPolicies(before, world);
  await recordPolicies(after, world, { known: before });
  assert.deepEqual(
    entries.map(({ kind, policy }) => [kind, policy]),
    [
      ["policy", before.hash],
      ["policy", after.hash],
    ],
  );
  const [first, second] = entries;
  const files = (set: typeof before) => set.files.map(({ name, hash }) => ({ name, hash }));
  assert.deepEqual(first?.data, { result: "loaded", files: files(before) });
  assert.deepEqual(second?.data, { result: "loaded", files: files(after) });
  assert.deepEqual(first?.policyTexts, before.files);
  assert.deepEqual(second?.policyTexts, after.files.slice(1));
});

test("recordPolicies() spreads many files over records, in order", async () => {
  const { entries, world } = recorder();
  const names = Array.from({ length: 250 }, (_, index) => `t${String(index).padStart(3, "0")}`);
  const policies = linkTeams(Object.fromEntries(names.map((name) => [`${name}.yaml`, team(name)])));
  await recordPolicies(policies, world);
  assert.deepEqual(
    entries.map(({ data }) => data.result === "loaded" && [data.part, data.parts]),
    [
      [1, 3],
      [2, 3],
      [3, 3],
    ],
  );
  const recorded = entries.flatMap(({ data }) =>
    data.result === "loaded" ? data.files.map(({ name }) => name) : [],
  );
  assert.deepEqual(
    recorded,
    names.map((name) => `${name}.yaml`),
  );
});

test("recordPolicies() names only what differs when few of many files change, and all when many do", async () => {
  const names = Array.from({ length: 250 }, (_, index) => `t${String(index).padStart(3, "0")}`);
  const texts = Object.fromEntries(names.map((name) => [`${name}.yaml`, team(name)]));
  const before = linkTeams(texts);
  const { "t007.yaml": _, ...rest } = texts;
  const few = linkTeams({ ...rest, "t001.yaml": `${team("t001")}# changed\n`, "x.yaml": team("x") });
  const { entries, world } = recorder();
  await recordPolicies(few, world, { known: before });
  const changed = few.files.filter(({ name }) => name === "t001.yaml" || name === "x.yaml");
  assert.deepEqual(
    entries.map(({ policy, data, policyTexts }) => [policy, data, policyTexts]),
    [
      [
        few.hash,
        {
          result: "loaded",
          files: changed.map(({ name, hash }) => ({ name, hash })),
          since: before.hash,
          gone: ["t007.yaml"],
        },
        changed,
      ],
    ],
  );
  const many = Object.entries(texts).map(([name, text], index) => [name, index < 120 ? `${text}#\n` : text]);
  await recordPolicies(linkTeams(Object.fromEntries(many)), world, { known: before });
  assert.deepEqual(
    entries.slice(1).map(({ data }) => data.result === "loaded" && [data.part, data.since]),
    [1, 2, 3].map((part) => [part, undefined]),
  );
});

test("recordRefusedPolicies() tells how many problems there are and where, and quotes nothing", async () => {
  const { entries, world } = recorder();
  const problems = Array.from({ length: 30 }, (_, index) => ({
    where: { file: "teams/a.yaml", line: index + 1, column: 3 },
    path: "hunter2",
    message: "hunter2",
  }));
  const removed = { teams: [], assistants: [], keys: [] };
  await recordRefusedPolicies(problems, { inForce: "in force", removed }, world);
  const [entry] = entries;
  const places = Array.from({ length: 10 }, (_, index) => `teams/a.yaml:${index + 1}:3`);
  assert.equal(entry?.policy, "in force");
  assert.deepEqual(entry?.data, { result: "refused", problems: 30, places });
  assert.ok(!JSON.stringify(entry).includes("hunter2"));
});
