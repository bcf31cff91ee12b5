import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { toIsoTime } from "./to_iso_time.ts";

const RUNS = 1_000;
const FIRST = Date.parse("0000-01-01T00:00:00.000Z");
const LAST = Date.parse("9999-12-31T23:59:59.999Z");

test("toIsoTime() writes every time as Date does", () => {
  const near = fc
    .tuple(fc.constantFrom(FIRST, 0, Date.parse("2026-11-28T12:00:00.000Z"), LAST - 120_000), fc.nat(120_000))
    .map(([start, after]) => start + after);
  fc.assert(
    fc.property(
      fc.oneof(fc.integer({ min: FIRST, max: LAST }), near, fc.integer({ min: -120_000, max: 120_000 })),
      (ms) => assert.equal(toIsoTime(ms), new Date(ms).toISOString()),
    ),
    { numRuns: RUNS },
  );
  for (const ms of [0.9, -0.9, 59_999.9, -60_000.5, -1, FIRST, LAST])
    assert.equal(toIsoTime(ms), new Date(ms).toISOString());
});

test("toIsoTime() refuses what is outside of the years 0 to 9999", () => {
  for (const ms of [FIRST - 1, LAST + 1, Number.NaN, Number.POSITIVE_INFINITY])
    assert.throws(() => toIsoTime(ms), RangeError);
});
