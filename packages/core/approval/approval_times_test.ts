import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { TimeSpan } from "../policy/mod.ts";
import { approvalTimes, nextReminder } from "./approval_times.ts";

const span = (ms: number): TimeSpan => ({ ms, text: "", where: { file: "a.yaml", line: 1, column: 1 } });
const HOUR = 3_600_000;

test("approvalTimes() counts from when an email was held, and says nothing of what the policy does not say", () => {
  assert.deepEqual(approvalTimes({}, 1000), {});
  assert.deepEqual(
    approvalTimes({ expires: span(48 * HOUR), escalate: { after: span(24 * HOUR), to: [] } }, 1000),
    { expiresAt: 1000 + 48 * HOUR, escalatesAt: 1000 + 24 * HOUR },
  );
});

test("nextReminder() is after each span, and none at the time at which the email expires", () => {
  const policy = { remind: span(4 * HOUR), expires: span(12 * HOUR) };
  const at = (after: number) => nextReminder(policy, { heldAt: 0, after });
  assert.equal(at(0), 4 * HOUR);
  assert.equal(at(4 * HOUR - 1), 4 * HOUR);
  assert.equal(at(4 * HOUR), 8 * HOUR);
  assert.equal(at(8 * HOUR), undefined);
  assert.equal(nextReminder({}, { heldAt: 0, after: 0 }), undefined);
});

test("nextReminder() is always later, a whole number of spans from the beginning, and skips none", () => {
  const time = fc.integer({ min: -(10 ** 6), max: 10 ** 6 });
  fc.assert(
    fc.property(time, time, fc.integer({ min: 1, max: 10 ** 5 }), (heldAt, after, ms) => {
      const next = nextReminder({ remind: span(ms) }, { heldAt, after }) ?? Number.NaN;
      assert.ok(next > after && next > heldAt);
      assert.equal((next - heldAt) % ms, 0);
      assert.ok(next - ms <= Math.max(after, heldAt));
    }),
  );
});
