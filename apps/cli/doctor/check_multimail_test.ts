import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeClock } from "./check_multimail.ts";

test("judgeClock() tells a clock that is wrong from a header that is cut to seconds", () => {
  const at = Date.parse("2026-11-23T10:00:00.900Z");
  const cases: [date: string | null, level: string, message: RegExp][] = [
    ["Mon, 23 Nov 2026 10:00:00 GMT", "ok", /agrees/],
    ["Mon, 23 Nov 2026 09:59:56 GMT", "ok", /agrees/],
    ["Mon, 23 Nov 2026 09:59:40 GMT", "warning", /20 s ahead of/],
    ["Mon, 23 Nov 2026 10:00:20 GMT", "warning", /19 s behind/],
    ["Mon, 23 Nov 2026 08:00:00 GMT", "problem", /7200 s ahead of/],
    ["Mon, 23 Nov 2026 12:00:00 GMT", "problem", /7199 s behind/],
    ["yesterday", "warning", /does not say/],
    [null, "warning", /does not say/],
  ];
  for (const [date, level, message] of cases) {
    const finding = judgeClock({ status: 200, date, sentAt: at, receivedAt: at + 100 });
    assert.equal(finding.level, level, String(date));
    assert.match(finding.message, message);
  }
});
