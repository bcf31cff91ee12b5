import assert from "node:assert/strict";
import { test } from "node:test";
import { giveWay } from "./give_way.ts";

const forever = { atMostMs: Number.POSITIVE_INFINITY, signal: new AbortController().signal };

/** A loop without work ends: what gives way keeps no process alive, a test must. */
function alive(t: { after(end: () => void): void }): void {
  const timer = setInterval(() => {}, 1_000);
  t.after(() => clearInterval(timer));
}

test("giveWay() waits until the way is free", async (t) => {
  alive(t);
  let looks = 0;
  await giveWay({ ...forever, isBusy: () => ++looks < 4 });
  assert.equal(looks, 4);
});

test("giveWay() goes on when it has waited for long enough, or everything ends", async (t) => {
  alive(t);
  await giveWay({ ...forever, isBusy: () => true, atMostMs: 50 });
  await giveWay({ ...forever, isBusy: () => true, atMostMs: -1 });
  const end = new AbortController();
  const waiting = giveWay({ ...forever, isBusy: () => true, signal: end.signal });
  end.abort();
  await waiting;
});
