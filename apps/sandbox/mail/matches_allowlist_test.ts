import assert from "node:assert/strict";
import { test } from "node:test";
import type { AllowlistEntry } from "../account/mailbox.ts";
import { matchesAllowlist } from "./matches_allowlist.ts";

test("matchesAllowlist() knows addresses and whole domains, and nothing that only looks like them", async (t) => {
  const cases: readonly [pattern: string, address: string, want: boolean][] = [
    ["a@x.example", "a@x.example", true],
    ["a@x.example", "A@X.EXAMPLE", true],
    ["*@x.example", "anyone@x.example", true],
    ["*@X.example", "anyone@x.EXAMPLE", true],
    ["*@x.example", "anyone@sub.x.example", false],
    ["*@x.example", "anyone@x.example.evil.example", false],
    ["*@x.example", "anyone@notx.example", false],
    ["a@x.example", "a+tag@x.example", false],
    ["a@x.example", "ba@x.example", false],
    ["*", "a@x.example", false],
    ["*@*", "a@x.example", false],
  ];
  for (const [pattern, address, want] of cases) {
    await t.test(`${pattern} and ${address}`, () => {
      const entry: AllowlistEntry = { id: "1", pattern, addedBy: "o", addedAt: 0, note: null };
      assert.equal(matchesAllowlist([entry], address), want);
    });
  }
});
