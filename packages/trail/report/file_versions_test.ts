import assert from "node:assert/strict";
import { test } from "node:test";
import { type PolicyData, policyEntry } from "../record/policy.ts";
import { openSqliteTrail } from "../store/sqlite/mod.ts";
import { testFile } from "../store/sqlite/testing/test_folder.ts";
import { fileVersions } from "./file_versions.ts";

test("fileVersions() tells from when to when a file said what, also when it was gone, and over several records", async (t) => {
  const trail = await openSqliteTrail(testFile(t));
  t.after(() => trail.close());
  const [one, two] = ["11".repeat(32), "22".repeat(32)];
  let at = 0;
  const loaded = (hash: string | undefined, more: { part?: number; parts?: number } = {}) => {
    const files = [
      { name: "other.yaml", hash: "ff".repeat(32) },
      ...(hash === undefined ? [] : [{ name: "sales.yaml", hash }]),
    ];
    return record({ result: "loaded", files, ...more });
  };
  const record = (data: PolicyData) => {
    at += 1_000;
    return trail.append(policyEntry(data, { at, policy: "aa".repeat(32) }));
  };
  await loaded(one);
  await loaded(one);
  await record({ result: "refused", problems: 1, places: [] });
  await loaded(two, { part: 1, parts: 2 });
  await loaded(undefined, { part: 2, parts: 2 });
  await loaded(undefined);
  await loaded(one);
  assert.deepEqual(await fileVersions(trail, "sales.yaml"), [
    { hash: one, since: 7_000, until: null },
    { hash: two, since: 5_000, until: 6_000 },
    { hash: one, since: 1_000, until: 5_000 },
  ]);
  assert.deepEqual(await fileVersions(trail, "none.yaml"), []);
});

test("fileVersions() goes by what differs from earlier policies", async (t) => {
  const trail = await openSqliteTrail(testFile(t));
  t.after(() => trail.close());
  const [one, two] = ["11".repeat(32), "22".repeat(32)];
  let at = 0;
  const loaded = (
    policy: string,
    names: readonly string[],
    more: { since?: string; gone?: readonly string[] } = {},
  ) => {
    at += 1_000;
    const files = names.map((text) => ({
      name: `${text.slice(0, -1)}.yaml`,
      hash: text.endsWith("1") ? one : two,
    }));
    return trail.append(policyEntry({ result: "loaded", files, ...more }, { at, policy: policy.repeat(64) }));
  };
  const from = (policy: string) => ({ since: policy.repeat(64) });
  await loaded("a", ["sales1", "other1"]);
  await loaded("b", ["other2"], from("a"));
  await loaded("c", ["sales2"], from("b"));
  await loaded("d", [], { ...from("c"), gone: ["sales.yaml"] });
  await loaded("b", ["sales1"], from("d"));
  await loaded("d", [], { ...from("b"), gone: ["sales.yaml"] });
  await loaded("c", ["sales2"], from("d"));
  assert.deepEqual(await fileVersions(trail, "sales.yaml"), [
    { hash: two, since: 7_000, until: null },
    { hash: one, since: 5_000, until: 6_000 },
    { hash: two, since: 3_000, until: 4_000 },
    { hash: one, since: 1_000, until: 3_000 },
  ]);
});
