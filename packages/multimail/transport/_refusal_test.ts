import assert from "node:assert/strict";
import { test } from "node:test";
import { convertRefusal } from "./_refusal.ts";

test("convertRefusal() tells the mailbox's warm-up, the account's quota and limits of requests apart", () => {
  for (const [body, code, limits] of [
    [{ error: "Daily limit reached", warmup_stage: 1, daily_limit: 20 }, "warmup", undefined],
    [{ error: "Monthly email quota exceeded" }, "quota", undefined],
    [{ error: "Rate limit exceeded" }, "rate", "mailbox"],
    [{ error: "Rate limit of this account exceeded" }, "rate", "account"],
    [{ error: "Too many requests for this API key" }, "rate", "account"],
    [undefined, "rate", "mailbox"],
  ] as const) {
    const failure = convertRefusal(429, body);
    assert.deepEqual([failure.code, failure.limits], [code, limits], body?.error);
  }
});
