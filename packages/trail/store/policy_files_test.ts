import assert from "node:assert/strict";
import { test } from "node:test";
import type { PolicyData } from "../record/policy.ts";
import { policyFiles } from "./policy_files.ts";
import type { TrailStore } from "./store.ts";

type Loaded = Omit<PolicyData & { readonly result: "loaded" }, "result" | "files">;

/** A trail of `policy` records, the oldest first; files as `a1` for the file `a` with the hash `1`. */
function trailOf(...records: readonly (readonly [policy: string, files: string, more?: Loaded])[]) {
  const stored = records.map(([policy, files, more]) => ({
    record: {
      policy,
      data: {
        result: "loaded",
        files: [...files.matchAll(/(\w)(\d)/g)].map(([, name, hash]) => ({ name, hash })),
        ...more,
      },
    },
  }));
  return {
    async *records() {
      yield* stored.toReversed();
      yield* [];
    },
  } as unknown as Pick<TrailStore, "records">;
}

const filesIn = async (trail: Pick<TrailStore, "records">, policy: string) => {
  const files = await policyFiles(trail, policy);
  return (
    files &&
    [...files]
      .map(([name, hash]) => name + hash)
      .sort()
      .join(" ")
  );
};

test("policyFiles() gives the files of one record, of several parts, and of what differs from others", async () => {
  const trail = trailOf(
    ["x", "a1 b1", { part: 1, parts: 2 }],
    ["x", "c1 d1", { part: 2, parts: 2 }],
    ["y", "a2", { since: "x" }],
    ["z", "e1", { since: "y", gone: ["b"] }],
    ["x", "a1 b1", { since: "z", gone: ["e"] }],
    ["z", "a2 e1", { since: "x", gone: ["b"] }],
    ["w", "f1"],
  );
  assert.equal(await filesIn(trail, "w"), "f1");
  assert.equal(await filesIn(trail, "y"), "a2 b1 c1 d1");
  assert.equal(await filesIn(trail, "x"), "a1 b1 c1 d1");
  assert.equal(await filesIn(trail, "z"), "a2 c1 d1 e1");
  assert.equal(await filesIn(trail, "v"), undefined);
});

test("policyFiles() needs every part, whoever else wrote in between", async () => {
  const first = ["x", "a1", { part: 1, parts: 2 }] as const;
  const second = ["x", "b1", { part: 2, parts: 2 }] as const;
  const other = ["y", "c1"] as const;
  assert.equal(await filesIn(trailOf(first, other, second, first), "x"), "a1 b1");
  assert.equal(await filesIn(trailOf(first, first, second, second), "x"), "a1 b1");
  assert.equal(await filesIn(trailOf(first, other), "x"), undefined);
  assert.equal(await filesIn(trailOf(first, ["z", "d1", { since: "x" }]), "z"), undefined);
});

test("policyFiles() passes over what is no file, and over policies that were refused", async () => {
  const files = [null, "a", { name: 1, hash: "1" }, { name: "b" }, { name: "c", hash: "1" }];
  const records = [
    { record: { policy: "x", data: { result: "refused", problems: 1, places: [] } } },
    { record: { policy: "x", data: { result: "loaded", files } } },
  ];
  const trail = {
    records: async function* () {
      yield* records;
    },
  } as unknown as Pick<TrailStore, "records">;
  assert.equal(await filesIn(trail, "x"), "c1");
});
