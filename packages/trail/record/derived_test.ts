import assert from "node:assert/strict";
import { test } from "node:test";
import { addressBase, sealedBase } from "./address_base.ts";
import { recipientsOf } from "./derived.ts";

test("recipientsOf() finds a recipient that was no address when it was sealed as the store has it", () => {
  const sealed = ["Ana+x@acme.example", "Ana (CEO) <ana@acme.example>"].map((value) => ({
    kind: "address",
    value,
  }));
  assert.deepEqual(recipientsOf("intent", sealed), ["ana@acme.example", "ana (ceo) <ana@acme.example>"]);
});

test("addressBase() looks for a person however the address is written, sealedBase() for what was sealed", () => {
  assert.equal(addressBase("Ana (CEO) <Ana+x@acme.example>"), "ana@acme.example");
  assert.equal(sealedBase("Ana+x@acme.example"), "ana@acme.example");
  assert.equal(sealedBase("nobody"), "nobody");
});
