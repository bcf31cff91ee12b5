import assert from "node:assert/strict";
import { test } from "node:test";
import { growths } from "./windows.ts";

const window = (at: number, grows: Partial<Record<"median" | "p99" | "megabytes", number>> = {}) => ({
  median: 5 + at * (grows.median ?? 0),
  p99: 50 + at * (grows.p99 ?? 0),
  megabytes: 200 + at * (grows.megabytes ?? 0),
});

test("growths() finds none in what is level, or grows while it warms up", () => {
  const level = Array.from({ length: 20 }, () => window(0));
  assert.deepEqual(growths(level), []);
  const warming = [
    ...Array.from({ length: 6 }, (_, at) => window(10 - at, { median: 50 })),
    ...level.slice(6),
  ];
  assert.deepEqual(growths(warming), []);
});

test("growths() names what grows", () => {
  for (const [name, by] of [
    ["median", 5],
    ["p99", 50],
    ["megabytes", 10],
  ] as const) {
    const windows = Array.from({ length: 20 }, (_, at) => window(Math.max(0, at - 10), { [name]: by }));
    const found = growths(windows);
    assert.equal(found.length, 1);
    assert.match(found[0] ?? "", new RegExp(`^${name} grew from [\\d.]+ to [\\d.]+$`));
  }
});
