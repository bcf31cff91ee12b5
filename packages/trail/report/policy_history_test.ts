import assert from "node:assert/strict";
import { test } from "node:test";
import { type PolicyData, type PolicyEntryOptions, policyEntry } from "../record/policy.ts";
import { openSqliteTrail } from "../store/sqlite/mod.ts";
import { testFile } from "../store/sqlite/testing/test_folder.ts";
import { fileVersions } from "./file_versions.ts";
import { policyCommit } from "./policy_commit.ts";
import { type PolicyPeriod, policyHistory } from "./policy_history.ts";

const [ONE, TWO] = ["11".repeat(32), "22".repeat(32)];
const ANN = { id: "ab".repeat(20), author: "Ann <ann@acme.example>", isDirty: false };
const NOBODY = { id: "cd".repeat(20), author: "", isDirty: true };

test("policyHistory() tells from when to when which policies were in force, what changed, and by which commit", async (t) => {
  const trail = await openSqliteTrail(testFile(t));
  t.after(() => trail.close());
  let at = 0;
  const record = (policy: string, data: PolicyData, commit?: PolicyEntryOptions["commit"]) => {
    at += 1_000;
    return trail.append(policyEntry(data, { at, policy: policy.repeat(32), commit }));
  };
  const loaded = (files: Readonly<Record<string, string>>, more: object = {}): PolicyData => ({
    result: "loaded",
    files: Object.entries(files).map(([name, hash]) => ({ name, hash })),
    ...more,
  });
  await record("aa", loaded({ "a.yaml": ONE, "b.yaml": ONE }), NOBODY);
  await record("aa", { result: "refused", problems: 1, places: [] });
  // A start that finds them as they were, and committed.
  await record("aa", loaded({ "a.yaml": ONE, "b.yaml": ONE }), ANN);
  await record("bb", loaded({ "a.yaml": TWO }, { part: 1, parts: 2 }));
  await record("bb", loaded({ "b.yaml": ONE }, { part: 2, parts: 2 }), NOBODY);
  await record("cc", loaded({ "c.yaml": ONE }, { since: "bb".repeat(32), gone: ["b.yaml"] }));
  // Another gateway, which had not seen that yet.
  await record("dd", loaded({ "a.yaml": ONE }, { since: "aa".repeat(32) }));

  const periods: PolicyPeriod[] = [];
  for await (const period of policyHistory(trail)) periods.push(period);
  const author = periods[0]?.commit?.author ?? "";
  assert.deepEqual(periods, [
    {
      ...{ policy: "aa".repeat(32), seq: 0, since: 1_000, until: 5_000, files: 2 },
      changed: [
        { name: "a.yaml", hash: ONE },
        { name: "b.yaml", hash: ONE },
      ],
      commit: { id: ANN.id, author, isDirty: false },
    },
    {
      ...{ policy: "bb".repeat(32), seq: 4, since: 5_000, until: 6_000, files: 2 },
      changed: [{ name: "a.yaml", hash: TWO }],
      commit: { id: NOBODY.id, isDirty: true },
    },
    {
      ...{ policy: "cc".repeat(32), seq: 5, since: 6_000, until: 7_000, files: 2 },
      changed: [
        { name: "b.yaml", hash: null },
        { name: "c.yaml", hash: ONE },
      ],
    },
    {
      ...{ policy: "dd".repeat(32), seq: 6, since: 7_000, until: null, files: 2 },
      changed: [
        { name: "a.yaml", hash: ONE },
        { name: "b.yaml", hash: ONE },
        { name: "c.yaml", hash: null },
      ],
    },
  ]);
  assert.deepEqual(await trail.unseal([author]), new Map([[author, ANN.author]]));
  assert.deepEqual(await policyCommit(trail, "bb".repeat(32)), { id: NOBODY.id, isDirty: true });
  assert.equal(await policyCommit(trail, "dd".repeat(32)), undefined);
  assert.equal(await policyCommit(trail, "ee".repeat(32)), undefined);
  // The author is nowhere in the record itself.
  for await (const { json } of trail.records({ kind: "policy" })) assert.ok(!json.includes("acme.example"));
  assert.deepEqual(await fileVersions(trail, "a.yaml"), [
    { hash: ONE, since: 7_000, until: null },
    { hash: TWO, since: 5_000, until: 7_000, commit: { id: NOBODY.id, isDirty: true } },
    { hash: ONE, since: 1_000, until: 5_000, commit: { id: ANN.id, author, isDirty: false } },
  ]);
});
