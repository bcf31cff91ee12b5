import assert from "node:assert/strict";
import { test } from "node:test";
import { InvalidArgumentError } from "commander";
import { localTime, monthSpan, parseTime, parseZone } from "./parse_time.ts";

const NOW = Date.parse("2026-11-27T21:30:00Z");

/** What is written, in which zone → when it is. */
const TIMES: readonly (readonly [text: string, zone: string, wanted: string])[] = [
  ["2026-11-23", "UTC", "2026-11-23T00:00:00.000Z"],
  ["2026-11-23", "Europe/Berlin", "2026-11-22T23:00:00.000Z"],
  ["2026-07-01", "Europe/Berlin", "2026-06-30T22:00:00.000Z"],
  ["2026-11", "America/New_York", "2026-11-01T04:00:00.000Z"],
  ["2026-11-23T10:00", "UTC", "2026-11-23T10:00:00.000Z"],
  ["2026-11-23 10:00:05.25", "Asia/Kolkata", "2026-11-23T04:30:05.250Z"],
  ["2026-11-23T10:00:00Z", "Europe/Berlin", "2026-11-23T10:00:00.000Z"],
  ["2026-11-23t10:00+05:30", "Europe/Berlin", "2026-11-23T04:30:00.000Z"],
  // Clocks are put back: the first of the two.
  ["2026-10-25T02:30", "Europe/Berlin", "2026-10-25T00:30:00.000Z"],
  // Clocks are put forward at midnight: the day begins at one.
  ["2026-04-24", "Africa/Cairo", "2026-04-23T22:00:00.000Z"],
  ["2024-02-29", "UTC", "2024-02-29T00:00:00.000Z"],
  ["now", "UTC", "2026-11-27T21:30:00.000Z"],
  ["today", "UTC", "2026-11-27T00:00:00.000Z"],
  ["today", "Asia/Tokyo", "2026-11-27T15:00:00.000Z"],
  ["Yesterday", "UTC", "2026-11-26T00:00:00.000Z"],
  ["yesterday", "Europe/Berlin", "2026-11-25T23:00:00.000Z"],
  ["7d", "Europe/Berlin", "2026-11-20T21:30:00.000Z"],
  ["12h", "UTC", "2026-11-27T09:30:00.000Z"],
  ["30m ago", "UTC", "2026-11-27T21:00:00.000Z"],
  ["2w", "UTC", "2026-11-13T21:30:00.000Z"],
];

test("parseTime() takes what people write, in their time zone", async (t) => {
  for (const [text, zone, wanted] of TIMES)
    await t.test(`${text} in ${zone}`, () =>
      assert.equal(new Date(parseTime(text, { now: NOW, zone })).toISOString(), wanted),
    );
});

test("parseTime() refuses what is no time, and days and times that never were", async (t) => {
  const texts = [
    "",
    "soon",
    "7",
    "d",
    "-7d",
    "7y",
    "2026",
    "26-11-23",
    "2026-11-23T",
    "2026-11-23Z",
    "11/23/2026",
  ];
  const never = [
    "2026-02-30",
    "2026-02-29",
    "2026-13-01",
    "2026-00-10",
    "2026-04-31",
    "2026-11-00",
    "2026-13",
  ];
  const clocks = ["2026-11-23T24:00", "2026-11-23T10:60", "2026-11-23T10:00:60", "2026-11-23T10:00+25:00"];
  for (const text of [...texts, ...never, ...clocks, "2026-02-30T10:00:00Z", "2026-11 10:00"])
    await t.test(JSON.stringify(text), () =>
      assert.throws(() => parseTime(text, { now: NOW, zone: "UTC" }), InvalidArgumentError),
    );
  assert.throws(() => parseTime("2026-03-29T02:30", { now: NOW, zone: "Europe/Berlin" }), /put forward/);
});

test("parseZone() takes a time zone, and suggests the nearest", () => {
  assert.equal(parseZone("Europe/Berlin"), "Europe/Berlin");
  assert.equal(parseZone("UTC"), "UTC");
  assert.throws(() => parseZone("Europe/Berln"), /did you mean Europe\/Berlin\?$/);
  for (const text of ["", "+01:00", "Mars/Olympus"])
    assert.throws(() => parseZone(text), InvalidArgumentError);
});

test("localTime() and monthSpan() keep to the zone", () => {
  assert.equal(localTime(NOW, "Asia/Tokyo"), "2026-11-28 06:30:00");
  const { since, until } = monthSpan("2026-12", "Europe/Berlin");
  assert.deepEqual(
    [since, until].map((time) => new Date(time).toISOString()),
    ["2026-11-30T23:00:00.000Z", "2026-12-31T23:00:00.000Z"],
  );
});
