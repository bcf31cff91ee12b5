import assert from "node:assert/strict";
import { test } from "node:test";
import { defined } from "./defined.ts";

test("defined() leaves out what is undefined, and nothing else", () => {
  const fields = defined({ a: undefined, b: null, c: "", d: 0, e: false, f: [undefined] });
  assert.deepEqual(Object.entries(fields), [
    ["b", null],
    ["c", ""],
    ["d", 0],
    ["e", false],
    ["f", [undefined]],
  ]);
});

test("defined() makes fields optional that may be undefined, and keeps the others", () => {
  const name: string | undefined = ["a"].at(1);
  const action: { readonly kind: "list"; readonly name?: string } = defined({ kind: "list", name });
  assert.deepEqual(action, { kind: "list" });
});
