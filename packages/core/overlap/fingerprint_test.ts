import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fingerprint } from "./fingerprint.ts";

test("fingerprint() is the same on every run and every machine", () => {
  assert.deepEqual(
    fingerprint("Dear Ann,\nyour invoice is overdue."),
    fingerprint("Hi Bob!\nYour  INVOICE is\noverdue."),
  );
  assert.deepEqual(fingerprint("overdue"), [2100630513]);
});

test("fingerprint() is small, sorted and without doubles for any text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 600 }), (text) => {
      const hashes = fingerprint(text);
      assert.ok(hashes.length <= 256);
      assert.ok(
        hashes.every(
          (hash, i) => Number.isInteger(hash) && hash >= 0 && (i === 0 || hash > (hashes[i - 1] ?? 0)),
        ),
      );
    }),
  );
});

test("fingerprint() takes linear time on hostile text", async (t) => {
  const hostile = {
    letters: "a".repeat(1_000_000),
    marks: `a${"\u0301\u0323".repeat(500_000)}`,
    brackets: "<".repeat(1_000_000),
    blanks: `,${" ".repeat(999_999)}x`,
    lines: "a,\n".repeat(300_000),
    urls: "https://".repeat(120_000),
  };
  for (const [name, text] of Object.entries(hostile)) {
    await t.test(name, () => {
      const before = process.cpuUsage();
      fingerprint(text);
      assert.ok(process.cpuUsage(before).user < 1_000_000);
    });
  }
});
