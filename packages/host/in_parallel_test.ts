import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as nextTick } from "node:timers/promises";
import { inParallel } from "./in_parallel.ts";

test("inParallel() does so many at once, and gives the results in order", async () => {
  let [running, most] = [0, 0];
  const results = await inParallel(
    new Set([5, 1, 4, 2, 3]),
    async (n) => {
      most = Math.max(most, ++running);
      for (let turn = 0; turn < n; turn++) await nextTick();
      running--;
      return n * 10;
    },
    { atOnce: 2 },
  );
  assert.deepEqual([results, most], [[50, 10, 40, 20, 30], 2]);
});

test("inParallel() leaves what has not begun when it is over", async () => {
  const begun: number[] = [];
  await inParallel(
    [1, 2, 3, 4, 5, 6],
    async (n) => {
      begun.push(n);
      await nextTick();
    },
    { atOnce: 2, isOver: () => begun.length >= 3 },
  );
  assert.deepEqual(begun, [1, 2, 3]);
});

test("inParallel() of nothing gives nothing", async () => {
  assert.deepEqual(await inParallel([], async () => assert.fail("nothing to do")), []);
});
