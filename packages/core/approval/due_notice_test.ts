import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { TimeSpan } from "../policy/mod.ts";
import { type DueNoticeOptions, dueNotice, EMAIL_AFTER_MS, type NoticedEmail } from "./due_notice.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const RUNS = 200;

const span = (ms: number): TimeSpan => ({ ms, text: "", where: { file: "a.yaml", line: 1, column: 1 } });
const POLICY = {
  remind: span(4 * HOUR),
  escalate: { after: span(24 * HOUR), to: [] },
  expires: span(48 * HOUR),
};

/** What is due, in short: `waiting a b`. */
function due(emails: readonly NoticedEmail[], now: number, options: Partial<DueNoticeOptions> = {}): string {
  const notice = dueNotice(POLICY, emails, { over: "chat", now, ...options });
  return notice === undefined ? "" : [notice.about, ...notice.emails.map(({ receipt }) => receipt)].join(" ");
}

const at = (receipt: string, heldAt: number, told: Partial<NoticedEmail> = {}) => ({
  receipt,
  heldAt,
  ...told,
});

test("dueNotice() gathers new email, and tells a chat of it when no more comes, or of the first after a minute", () => {
  assert.equal(due([at("a", 0)], 9 * SECOND), "");
  assert.equal(due([at("a", 0)], 10 * SECOND), "waiting a");
  assert.equal(due([at("a", 0), at("b", 9 * SECOND)], 18 * SECOND), "");
  assert.equal(due([at("b", 9 * SECOND), at("a", 0)], 19 * SECOND), "waiting a b");
  assert.equal(due([at("a", 0), at("b", 59 * SECOND)], MINUTE), "waiting a b");
});

test("dueNotice() tells a chat of new email every five minutes at most, and never again of what it told", () => {
  const emails = [at("a", 0, { told: 10 * SECOND }), at("b", MINUTE)];
  assert.equal(due(emails, 2 * MINUTE, { lastTold: 10 * SECOND }), "");
  assert.equal(due(emails, 5 * MINUTE + 10 * SECOND, { lastTold: 10 * SECOND }), "waiting b");
  assert.equal(due(emails.slice(0, 1), 10 * MINUTE, { lastTold: 10 * SECOND }), "");
});

test("dueNotice() tells by email when the first has waited for a quarter of an hour, of all that waits by then", () => {
  const emails = [at("a", 0), at("b", 14 * MINUTE)];
  assert.equal(due(emails, EMAIL_AFTER_MS - 1, { over: "email" }), "");
  assert.equal(due(emails, EMAIL_AFTER_MS, { over: "email" }), "waiting a b");
});

test("dueNotice() reminds of all that waits, and nobody twice within half of the time", () => {
  const told = { told: MINUTE };
  assert.equal(due([at("a", 0, told)], 4 * HOUR - 1), "");
  assert.equal(
    due([at("a", 0, told), at("b", 10 * MINUTE, { told: 11 * MINUTE })], 4 * HOUR),
    "reminder a b",
  );
  const reminded = { ...told, reminded: 4 * HOUR + SECOND };
  const both = [at("a", 0, reminded), at("b", 10 * MINUTE, reminded)];
  assert.equal(due(both, 4 * HOUR + 10 * MINUTE), "", "b was reminded of ten minutes ago");
  assert.equal(due(both, 8 * HOUR), "reminder a b");
  assert.equal(due([at("a", 0)], 4 * HOUR), "waiting a", "who was never told is not reminded");
});

test("dueNotice() tells once that email escalates, before all else, and nothing of what has expired", () => {
  const emails = [at("a", 0, { told: MINUTE }), at("b", HOUR, { told: HOUR })];
  assert.equal(due(emails, 24 * HOUR), "escalated a");
  const escalated = { told: MINUTE, reminded: 24 * HOUR, escalated: 24 * HOUR };
  assert.equal(due([at("a", 0, escalated)], 24 * HOUR + SECOND), "");
  assert.equal(due([at("a", 0, escalated)], 28 * HOUR), "reminder a");
  assert.equal(due([at("a", 0)], 48 * HOUR), "");
});

test("dueNotice() says nothing where the policy wants nothing, and of each email at once what was not told", () => {
  const emails = fc.array(
    fc.record({ heldAt: fc.integer({ min: 0, max: 10 ** 9 }), told: fc.option(fc.integer({ min: 0 })) }),
  );
  fc.assert(
    fc.property(emails, fc.integer({ min: 0, max: 10 ** 9 }), (some, now) => {
      const all = some.map(({ heldAt, told }, index) => ({
        ...{ receipt: String(index), heldAt },
        ...(told !== null && { told }),
      }));
      const notice = dueNotice({}, all, { over: "chat", now });
      const untold = all.filter(({ told }) => told === undefined);
      if (notice === undefined) {
        for (const { heldAt } of untold) assert.ok(now - heldAt < MINUTE);
        return;
      }
      assert.equal(notice.about, "waiting");
      assert.deepEqual(new Set(notice.emails), new Set(untold));
    }),
    { numRuns: RUNS },
  );
});
