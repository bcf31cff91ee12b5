import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { inertLines } from "./inert_lines.ts";

/** `fast-check`'s own number is more than it takes. */
const RUNS = 50;

test("inertLines() marks every line of a text as not the program's own, also of one that the terminal would fold", () => {
  assert.deepEqual(inertLines("a\r\n\tb", { width: 80, prefix: "│ " }), ["│ a", "│     b"]);
  const long = inertLines("x".repeat(45), { width: 22, prefix: "│ " });
  assert.deepEqual(long, [`│ ${"x".repeat(20)}`, `│ ${"x".repeat(20)}`, "│ xxxxx"]);
  assert.equal(inertLines("漢".repeat(20), { width: 22, prefix: "│ " }).length, 2);
});

test("inertLines() lets nothing through that a terminal would obey or that cannot be seen", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      for (const line of inertLines(text, { width: 40, prefix: "> " }))
        assert.doesNotMatch(line, /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u);
    }),
    { numRuns: RUNS },
  );
});
