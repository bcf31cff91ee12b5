import assert from "node:assert/strict";
import { test } from "node:test";
import { CallSlots } from "./call_slots.ts";

test("CallSlots gives slots in the order in which they were asked for", async () => {
  const slots = new CallSlots({ running: 1, waiting: 2, maxWaitMs: 10_000 });
  assert.equal(await slots.take(), true);
  const order: string[] = [];
  const first = slots.take().then(() => order.push("first"));
  const second = slots.take().then(() => order.push("second"));
  slots.give();
  await first;
  slots.give();
  await second;
  assert.deepEqual(order, ["first", "second"]);
});

test("CallSlots turns away whoever finds the queue full", async () => {
  const slots = new CallSlots({ running: 1, waiting: 1, maxWaitMs: 10_000 });
  await slots.take();
  const waits = slots.take();
  assert.equal(await slots.take(), false);
  slots.give();
  assert.equal(await waits, true);
});

test("CallSlots turns away whoever waits too long, and loses no slot by it", async () => {
  const slots = new CallSlots({ running: 1, waiting: 5, maxWaitMs: 5 });
  await slots.take();
  assert.deepEqual(await Promise.all([slots.take(), slots.take()]), [false, false]);
  slots.give();
  assert.equal(await slots.take(), true);
  assert.equal(await slots.take(), false);
});
