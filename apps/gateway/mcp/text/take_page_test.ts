import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createFence } from "./fence.ts";
import { takePage } from "./take_page.ts";

test("takePage() gives the whole text in parts that fit, and ends", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("a", "\n", "世", "\u{1f600}"), maxLength: 400 }),
      (text) => {
        const parts: string[] = [];
        for (let offset = 0; offset < text.length; ) {
          const end = takePage(text, offset, 40);
          assert.ok(end > offset);
          parts.push(text.slice(offset, end));
          offset = end;
        }
        assert.equal(parts.join(""), text);
        for (const part of parts) assert.ok(Buffer.byteLength(createFence("n").wrap(part)) <= 40 + 2 * 15);
      },
    ),
  );
});

test("takePage() is quick at the end of a megabyte of line ends", () => {
  const start = performance.now();
  const text = "\n".repeat(1_000_000);
  assert.ok(takePage(text, 999_000, 15_000) > 999_000);
  assert.ok(performance.now() - start < 500);
});
