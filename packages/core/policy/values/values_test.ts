import assert from "node:assert/strict";
import { test } from "node:test";
import { parseRate, parseSize } from "./amounts.ts";
import { checkPattern } from "./check_pattern.ts";
import { isTimeZone, parseDuration, parseExpiry, parseTimeOfDay, parseWeekdays } from "./times.ts";

test("parseRate() reads counts by the minute, hour, day or week", () => {
  assert.deepEqual(parseRate("20/day"), { count: 20, windowMs: 86_400_000 });
  assert.deepEqual(parseRate("1/minute"), { count: 1, windowMs: 60_000 });
  assert.deepEqual(parseRate("1000000/hour"), { count: 1_000_000, windowMs: 3_600_000 });
  assert.deepEqual(parseRate("2000/week"), { count: 2000, windowMs: 604_800_000 });
  const wrong = [
    "",
    "20",
    "/day",
    "0/day",
    "-1/day",
    "1.5/day",
    "1e3/day",
    "1000001/day",
    "٣/day",
    "20 / day",
    "20/days",
    "20/Day",
    "20/day/day",
    "20/constructor",
    "20/__proto__",
    "020/day",
    "20/day\n",
  ];
  for (const text of wrong) assert.equal(parseRate(text), undefined, text);
});

test("parseDuration() reads minutes, hours and days, up to 30 days", () => {
  assert.equal(parseDuration("30m"), 1_800_000);
  assert.equal(parseDuration("24h"), 86_400_000);
  assert.equal(parseDuration("30d"), 30 * 86_400_000);
  for (const text of [
    "",
    "24",
    "0h",
    "31d",
    "721h",
    "1w",
    "1h30m",
    "-1h",
    "1.5h",
    "24 h",
    "24H",
    "99999999h",
  ])
    assert.equal(parseDuration(text), undefined, text);
});

test("parseSize() reads decimal kilobytes and megabytes, up to 50MB", () => {
  assert.equal(parseSize("500KB"), 500_000);
  assert.equal(parseSize("5MB"), 5_000_000);
  assert.equal(parseSize("50MB"), 50_000_000);
  for (const text of ["", "5", "0MB", "51MB", "50001KB", "5GB", "5mb", "5 MB", "5MiB", "1.5MB", "-5MB"])
    assert.equal(parseSize(text), undefined, text);
});

test("parseTimeOfDay() reads 24-hour times", () => {
  assert.deepEqual(["00:00", "08:30", "23:59", "24:00"].map(parseTimeOfDay), [0, 510, 1439, 1440]);
  for (const text of ["", "8:30", "24:01", "25:00", "08:60", "08.30", "8am", "08:30:00"])
    assert.equal(parseTimeOfDay(text), undefined, text);
});

test("parseWeekdays() reads days, ranges, and weeks that begin on Sunday", () => {
  const days = (text: string): readonly number[] | undefined => {
    const found = parseWeekdays(text);
    return found && [...found].sort();
  };
  assert.deepEqual(days("mon-fri"), [1, 2, 3, 4, 5]);
  assert.deepEqual(days("sun-thu"), [1, 2, 3, 4, 7]);
  assert.deepEqual(days("mon, wed,fri"), [1, 3, 5]);
  assert.deepEqual(days("mon-thu, sat"), [1, 2, 3, 4, 6]);
  assert.deepEqual(days("sun"), [7]);
  for (const text of [
    "",
    "monday",
    "Mon",
    "mon-",
    "mon-fri-sun",
    "mon fri",
    "1-5",
    "mon,,fri",
    `mon,${"tue,".repeat(50)}wed`,
  ])
    assert.equal(days(text), undefined, text);
});

test("parseExpiry() reads days that exist, and ends with them", () => {
  assert.equal(parseExpiry("2026-12-31"), Date.UTC(2027, 0, 1));
  assert.equal(parseExpiry("2028-02-29"), Date.UTC(2028, 2, 1));
  for (const text of [
    "",
    "2026-02-29",
    "2026-02-30",
    "2026-13-01",
    "2026-00-10",
    "2026-1-1",
    "26-01-01",
    "0026-01-01",
    "31.12.2026",
    "2026-12-31T00:00:00Z",
    "tomorrow",
  ])
    assert.equal(parseExpiry(text), undefined, text);
});

test("isTimeZone() knows IANA names only", () => {
  for (const text of ["Europe/Paris", "America/Argentina/Buenos_Aires", "UTC", "Europe/Paris"])
    assert.ok(isTimeZone(text), text);
  for (const text of [
    "",
    "Paris",
    "CEST",
    "+01:00",
    "GMT+1",
    "Europe/Paris\n",
    "../etc/passwd",
    "x".repeat(1000),
  ])
    assert.ok(!isTimeZone(text), text);
});

test("checkPattern() takes what RE2 takes, and what does not match everything", async (t) => {
  for (const pattern of ["(?i)project\\s+falcon", "\\bACME-[0-9]{4}\\b", "é+", "(a+)+$x"])
    assert.equal(checkPattern(pattern), undefined);
  const wrong: Readonly<Record<string, RegExp>> = {
    "(": /missing closing \)/,
    "(?<!a)b": /RE2 syntax, without look-around/,
    "(a)\\1": /RE2 syntax/,
    "(((a{100}){100}){100})": /invalid repeat count/,
    "": /matches the empty text/,
    "x*": /matches the empty text/,
    "a|": /matches the empty text/,
    ["x".repeat(1001)]: /not be longer than 1000/,
  };
  for (const [pattern, message] of Object.entries(wrong)) {
    await t.test(pattern.slice(0, 30), () => assert.match(checkPattern(pattern) ?? "", message));
  }
});
