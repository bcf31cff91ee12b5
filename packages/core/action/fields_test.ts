import assert from "node:assert/strict";
import { test } from "node:test";
import { FIELDS } from "./fields.ts";

test("FIELDS say what each of them is, for all that is made from them", () => {
  for (const [name, { description = "" }] of Object.entries(FIELDS))
    assert.ok(description.length > 10, `${name}: ${description}`);
});
