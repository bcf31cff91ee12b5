import assert from "node:assert/strict";
import { test } from "node:test";
import { intent, outcome } from "../testing/entries.ts";
import { AppendQueue } from "./append_queue.ts";
import type { PreparedEntry } from "./prepare_entry.ts";
import type { AppendResult } from "./store.ts";
import { TrailUnavailableError } from "./trail_unavailable_error.ts";

/** A store that notes its batches, and writes each when it is let. */
class FakeStore {
  readonly batches: (readonly (string | null)[])[] = [];
  readonly #writing: (() => void)[] = [];
  #size = 0;

  readonly write = (batch: readonly PreparedEntry[]): Promise<readonly AppendResult[]> => {
    this.batches.push(batch.map(({ entry }) => entry.receipt));
    const results = batch.map((): AppendResult => ({ ok: true, seq: this.#size++ }));
    return new Promise((resolve) => this.#writing.push(() => resolve(results)));
  };

  async writeNext(): Promise<void> {
    while (this.#writing.length === 0) await new Promise(setImmediate);
    this.#writing.shift()?.();
  }
}

test("appendAll() gathers what comes while a batch is written, and keeps one call's entries together", async () => {
  const store = new FakeStore();
  const queue = new AppendQueue(store.write);
  const first = queue.appendAll([intent("a")]);
  while (store.batches.length === 0) await new Promise(setImmediate);
  const rest = [
    queue.appendAll([intent("b"), outcome("b")]),
    ...Array.from({ length: 253 }, (_, n) => queue.appendAll([intent(`c${n}`)])),
    queue.appendAll([intent("d"), outcome("d")]),
  ];
  for (let n = 0; n < 3; n++) await store.writeNext();
  assert.deepEqual(await first, [{ ok: true, seq: 0 }]);
  assert.deepEqual(
    [await rest[0], await rest.at(-1)],
    [
      [
        { ok: true, seq: 1 },
        { ok: true, seq: 2 },
      ],
      [
        { ok: true, seq: 256 },
        { ok: true, seq: 257 },
      ],
    ],
  );
  assert.deepEqual(
    store.batches.map((batch) => [batch.length, batch[0], batch.at(-1)]),
    [
      [1, "a", "a"],
      [255, "b", "c252"],
      [2, "d", "d"],
    ],
    "a 256th entry of the second batch would have parted those of d",
  );
});

test("append() answers a few callers in one turn of the event loop, and writes what they go on with in one batch", async () => {
  const store = new FakeStore();
  const queue = new AppendQueue(store.write);
  let turn = 0;
  const answeredIn: number[] = [];
  const callers = Array.from({ length: 20 }, async (_, n) => {
    await queue.append(intent(`r${n}`));
    answeredIn.push(turn);
    await queue.append(outcome(`r${n}`));
  });
  let isOver = false;
  const counting = (async () => {
    for (; !isOver; turn++) await new Promise(setImmediate);
  })();
  for (let n = 0; n < 2; n++) await store.writeNext();
  await Promise.all(callers);
  isOver = true;
  await counting;
  assert.deepEqual(
    store.batches.map(({ length }) => length),
    [20, 20],
  );
  assert.ok(answeredIn.length === 20 && new Set(answeredIn).size >= 3, answeredIn.join(" "));
});

test("appendAll() of nothing writes nothing", async () => {
  const store = new FakeStore();
  assert.deepEqual(await new AppendQueue(store.write).appendAll([]), []);
  assert.deepEqual(store.batches, []);
});

test("append() refuses what comes when a store is far behind, and takes more when it has caught up", async () => {
  const store = new FakeStore();
  const queue = new AppendQueue(store.write, { maxWaitingBytes: 50_000 });
  const settled = Promise.allSettled(
    Array.from({ length: 30 }, (_, n) => queue.appendAll([intent(`r${n}`, { body: "x".repeat(4_000) })])),
  );
  await store.writeNext();
  const results = await settled;
  const refused = results.filter((result) => result.status === "rejected");
  assert.equal(refused.length, 20);
  for (const { reason } of refused) {
    assert.ok(reason instanceof TrailUnavailableError);
    assert.equal(reason.message, "Cannot append to the trail: too much waits to be written");
  }
  const again = queue.appendAll([intent("after")]);
  await store.writeNext();
  assert.equal((await again).length, 1);
});
