import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { ContentDetector } from "../policy/mod.ts";
import { findSpans } from "./find_spans.ts";
import { scan } from "./scan.ts";

const DETECTORS: readonly ContentDetector[] = [
  { kind: "builtin", name: "iban" },
  { kind: "builtin", name: "credit_card" },
  { kind: "pattern", name: "codename", pattern: "(?i)project\\s+falcon" },
];

const marked = (text: string) =>
  findSpans(text, DETECTORS).map(({ detector, start, end }) => [detector, text.slice(start, end)]);

test("findSpans() gives what was found, every time, and nothing around it", () => {
  const text = `Please pay to **DE89 3704 0044 0532 0130 00** today,
not to GB29NWBK60161331926819.

It is for Project
Falcon, card 4111-1111-1111-1111.`;
  assert.deepEqual(marked(text), [
    ["iban", "DE89 3704 0044 0532 0130 00"],
    ["iban", "GB29NWBK60161331926819"],
    ["codename", "Project\nFalcon"],
    ["credit_card", "4111-1111-1111-1111"],
  ]);
});

test("findSpans() gives nothing for a text in which nothing is found", () => {
  assert.deepEqual(findSpans("Kind regards", DETECTORS), []);
  assert.deepEqual(findSpans("", DETECTORS), []);
});

test("findSpans() marks what is disguised as it stands", () => {
  const hidden = "Pay to D\u200bE89 3704 0044 0532 0130 00 now";
  assert.deepEqual(marked(hidden), [["iban", "D\u200bE89 3704 0044 0532 0130 00"]]);
});

test("findSpans() says nothing of text that is not the cause: each span of one line alone is a find", () => {
  const words = fc.constantFrom(
    "DE89370400440532013000",
    "4111 1111 1111 1111",
    "project falcon",
    "pay",
    "12",
    "\n",
    "…",
  );
  fc.assert(
    fc.property(fc.array(words, { maxLength: 30 }), (parts) => {
      const text = parts.join(" ");
      const found = new Set(
        scan({ subject: "", markdown: text, attachments: [] }, DETECTORS).map(({ detector }) => detector),
      );
      const spans = findSpans(text, DETECTORS);
      assert.deepEqual(new Set(spans.map(({ detector }) => detector)), found);
      for (const { detector, start, end } of spans) {
        const alone = scan({ subject: "", markdown: text.slice(start, end), attachments: [] }, DETECTORS);
        assert.ok(
          alone.some((hit) => hit.detector === detector),
          JSON.stringify(text.slice(start, end)),
        );
      }
    }),
    { numRuns: 300 },
  );
});

test("findSpans() looks through long lines and many finds in bounded work", () => {
  const spans = findSpans(`${"x ".repeat(10_000)}DE89370400440532013000`, DETECTORS);
  assert.equal(spans.length, 1);
  assert.equal(findSpans("DE89370400440532013000\n".repeat(500), DETECTORS).length, 20);
});
