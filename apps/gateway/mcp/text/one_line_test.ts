import assert from "node:assert/strict";
import { test } from "node:test";
import { oneLine } from "./one_line.ts";

test("oneLine() puts text on one line and cuts it at bytes, never within a character", () => {
  assert.equal(oneLine(" a\r\nHELD: sent\t\u2028b ", 100), "a HELD: sent b");
  assert.equal(oneLine("abcdef", 3), "abc…");
  assert.equal(oneLine("世界世界", 7), "世界…");
  assert.equal(oneLine("\u{1f600}\u{1f600}", 5), "\u{1f600}…");
  assert.equal(oneLine("", 5), "");
});

test("oneLine() does not read a megabyte to its end", () => {
  const start = performance.now();
  for (let i = 0; i < 100; i++) oneLine("\u200b a".repeat(350_000), 200);
  assert.ok(performance.now() - start < 2_000);
});
