import assert from "node:assert/strict";
import { test } from "node:test";
import { refusedEntry, type TrailStore, TrailUnavailableError, type WantingEntry } from "@countersign/trail";
import { withGatheredAppends } from "./gathered_appends.ts";

/** A trail that notes what comes in one commit, and refuses what `wrong` says. */
function startTrail(wrong: (entry: WantingEntry) => Error | undefined = () => undefined) {
  const commits: (readonly number[])[] = [];
  let size = 0;
  const tryAppendAll: TrailStore["tryAppendAll"] = async (entries) => {
    const error = entries.map(wrong).find((one) => one !== undefined);
    if (error !== undefined) throw error;
    commits.push(entries.map(({ at }) => at));
    return entries.map(() => ({ ok: true, seq: size++ }) as const);
  };
  return { commits, trail: withGatheredAppends({ tryAppendAll } as TrailStore) };
}

function entry(at: number): WantingEntry {
  return refusedEntry([{ door: "rest", code: "unknown_key", count: 1 }], { at, policy: "" });
}

test("withGatheredAppends() appends what comes together in one commit, and answers each with its own", async () => {
  const { commits, trail } = startTrail();
  const answers = await Promise.all([
    trail.tryAppendAll([entry(1), entry(2)]),
    trail.tryAppendAll([]),
    trail.tryAppendAll([entry(3)]),
  ]);
  assert.deepEqual(commits, [[1, 2, 3]]);
  assert.deepEqual(answers, [
    [
      { ok: true, seq: 0 },
      { ok: true, seq: 1 },
    ],
    [],
    [{ ok: true, seq: 2 }],
  ]);
  await trail.tryAppendAll([entry(4)]);
  assert.deepEqual(commits, [[1, 2, 3], [4]]);
});

test("withGatheredAppends() waits for no more than are enough", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { commits, trail } = startTrail();
  await Promise.all(Array.from({ length: 64 }, (_, at) => trail.tryAppendAll([entry(at)])));
  assert.deepEqual(
    commits.map((commit) => commit.length),
    [64],
  );
});

test("withGatheredAppends() appends the others when one cannot be appended", async () => {
  const { commits, trail } = startTrail(({ at }) => (at === 2 ? new RangeError("Too large") : undefined));
  const answers = await Promise.allSettled([1, 2, 3].map((at) => trail.tryAppendAll([entry(at)])));
  assert.deepEqual(
    answers.map(({ status }) => status),
    ["fulfilled", "rejected", "fulfilled"],
  );
  assert.deepEqual(commits, [[1], [3]]);
});

test("withGatheredAppends() tells everybody that the trail cannot be written, and tries no more", async () => {
  let tries = 0;
  const { trail } = startTrail(({ at }) => {
    if (at === 1) tries++;
    return new TrailUnavailableError("Cannot append to the trail: the disk is full");
  });
  const answers = await Promise.allSettled([1, 2].map((at) => trail.tryAppendAll([entry(at)])));
  assert.ok(answers.every((one) => one.status === "rejected" && one.reason instanceof TrailUnavailableError));
  assert.equal(tries, 1);
});
