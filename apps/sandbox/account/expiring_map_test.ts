import assert from "node:assert/strict";
import { test } from "node:test";
import { ExpiringMap } from "./expiring_map.ts";

test("ExpiringMap forgets an entry at the end of its time, not before", () => {
  let now = 0;
  const map = new ExpiringMap<string, number>(100, () => now);
  map.set("a", 1);
  now = 99;
  assert.equal(map.get("a"), 1);
  now = 100;
  assert.equal(map.get("a"), undefined);
});

test("ExpiringMap counts from the last time that an entry was set", () => {
  let now = 0;
  const map = new ExpiringMap<string, number>(100, () => now);
  map.set("a", 1);
  map.set("b", 2);
  now = 60;
  map.set("a", 3);
  now = 120;
  map.set("c", 4);
  assert.deepEqual([map.get("a"), map.get("b"), map.get("c")], [3, undefined, 4]);
});
