import assert from "node:assert/strict";
import { test } from "node:test";
import { openSqliteTrail } from "../store/sqlite/mod.ts";
import { testFile } from "../store/sqlite/testing/test_folder.ts";
import type { TrailStore } from "../store/store.ts";
import { intent, lifecycle, NOON, outcome } from "../testing/entries.ts";
import { verifyTrail } from "../verify/mod.ts";
import { eraseOldBodies } from "./erase_old_bodies.ts";

const DAY = 24 * 60 * 60_000;

test("eraseOldBodies() erases bodies from before a time in steps, once, and the trail stays whole", async (t) => {
  const store = await openSqliteTrail(testFile(t));
  await appendDays(store, 1_300);
  const before = NOON + 1_100 * DAY;
  assert.deepEqual(await erase(store, before), [500, 1_000, 1_100]);
  assert.deepEqual([await count(store, "body"), await count(store, "subject")], [200, 1_300]);
  assert.deepEqual(await erase(store, before), [], "another gateway has nothing left to do");
  assert.deepEqual(await erase(store, before + DAY), [1_101]);
  assert.equal((await store.head()).size, 1_304);
  await store.scrub();
  assert.ok((await verifyTrail(store)).ok);
  await store.close();
});

test("eraseOldBodies() leaves what is open or watched, and everything after it", async (t) => {
  const store = await openSqliteTrail(testFile(t));
  await appendDays(store, 10);
  await store.append(intent("watched", { at: NOON + 10 * DAY }));
  await store.append(intent("refused", { at: NOON + 10 * DAY, effect: "deny" }));
  await store.append(outcome("watched", "accepted", { at: NOON + 10 * DAY }));
  await store.append(intent("open", { at: NOON + 11 * DAY }));
  const before = NOON + 1_000 * DAY;
  assert.deepEqual(await erase(store, before), [10]);
  await store.append(lifecycle("watched", "delivered", { at: NOON + 11 * DAY }));
  assert.deepEqual(await erase(store, before), [13]);
  assert.equal(await count(store, "body"), 1);
  await store.append(outcome("open", "refused", { at: NOON + 12 * DAY }));
  assert.equal((await erase(store, before)).length, 1);
  assert.equal(await count(store, "body"), 0);
  assert.ok((await verifyTrail(store)).ok);
  await store.close();
});

test("eraseOldBodies() has nothing to do in a young or an empty trail", async (t) => {
  const store = await openSqliteTrail(testFile(t));
  assert.deepEqual(await erase(store, NOON), []);
  await appendDays(store, 3);
  assert.deepEqual(await erase(store, NOON), []);
  assert.equal((await store.head()).size, 3);
  await store.close();
});

/** A denied email a day. */
async function appendDays(store: TrailStore, days: number): Promise<void> {
  await Promise.all(
    Array.from({ length: days }, (_, n) =>
      store.append(intent(`r${n}`, { at: NOON + n * DAY, effect: "deny" })),
    ),
  );
}

async function erase(store: TrailStore, before: number): Promise<readonly number[]> {
  const steps: number[] = [];
  for await (const { below } of eraseOldBodies(store, { before, now: before, policy: null }))
    steps.push(below);
  return steps;
}

async function count(store: TrailStore, kind: "body" | "subject"): Promise<number> {
  let values = 0;
  for await (const _ of store.values({ kinds: [kind] })) values++;
  return values;
}
