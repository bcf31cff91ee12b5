import assert from "node:assert/strict";
import { test } from "node:test";
import { BoundedText, MAX_ANSWER_BYTES } from "./bounded_text.ts";

test("BoundedText takes blocks whole or not at all, by their bytes", () => {
  const text = new BoundedText();
  const block = "世".repeat(1_000);
  assert.equal(text.addAll(Array.from({ length: 100 }, () => block)), 6);
  assert.equal(text.add(block), false);
  assert.equal(text.add("short"), true);
  const whole = text.end("x".repeat(900));
  assert.ok(Buffer.byteLength(whole) <= MAX_ANSWER_BYTES);
  assert.equal(whole.split("\n").length, 8);
});
