import assert from "node:assert/strict";
import { test } from "node:test";
import { cleanText } from "./clean_text.ts";

test("cleanText() takes out what hides or changes what is seen", async (t) => {
  const cases: readonly [what: string, text: string, want: string][] = [
    ["ANSI", "a\u001b[31mred\u001b[0m", "a[31mred[0m"],
    ["a right-to-left override", "invoice\u202efdp.exe", "invoicefdp.exe"],
    ["isolates", "\u2066a\u2069", "a"],
    ["zero-width characters", "pass\u200bword\u200d\u2060\ufeff", "password"],
    ["a soft hyphen", "pass\u00adword", "password"],
    ["tags", `hi${String.fromCodePoint(0xe0001, 0xe0073, 0xe0065, 0xe006e, 0xe0064)}`, "hi"],
    ["variation selectors", `a${String.fromCodePoint(0xfe0f, 0xe0100, 0xe01ef)}`, "a"],
    ["Hangul fillers", "a\u3164\u115f\uffa0b", "ab"],
    ["NUL and backspace", "a\u0000b\b", "ab"],
    ["C1 controls", "a\u009b31mb", "a31mb"],
    ["lone surrogates", "a\ud800b\udc00", "ab"],
    ["private characters", "a\ue000b", "ab"],
  ];
  for (const [what, text, want] of cases) {
    await t.test(what, () => {
      assert.equal(cleanText(text).text, want);
      assert.equal(cleanText(text).removed, [...text].length - [...want].length);
    });
  }
});

test("cleanText() makes every kind of line end the same, and keeps text as it is", () => {
  assert.equal(cleanText("a\r\nb\rc\u2028d\u2029e\u0085f\vg\fh").text, "a\nb\nc\nd\ne\nf\ng\nh");
  const text = "Grüße, 世界 \u{1f600}\tمرحبا\n";
  assert.deepEqual(cleanText(text), { text, removed: 0 });
});

test("cleanText() is quick with a megabyte of nothing to see", () => {
  const start = performance.now();
  assert.equal(cleanText("\u200b".repeat(1_000_000)).text, "");
  assert.ok(performance.now() - start < 2_000);
});
