import assert from "node:assert/strict";
import { test } from "node:test";
import { RateLimit } from "./rate_limit.ts";

test("RateLimit lets a burst through, then one after the other, each name by itself", () => {
  const limit = new RateLimit({ burst: 2, everyMs: 1_000 });
  const tries = (name: string, now: number) => [1, 2, 3].map(() => limit.take(name, now));
  assert.deepEqual(tries("a", 0), [true, true, false]);
  assert.deepEqual(tries("b", 0), [true, true, false]);
  assert.deepEqual(tries("a", 1_000), [true, false, false]);
  assert.deepEqual(tries("a", 60_000), [true, true, false]);
});
