import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatPattern } from "./format_pattern.ts";
import { parseAddressPattern } from "./parse_address_pattern.ts";

test("formatPattern() writes the canonical text", () => {
  for (const [text, canonical] of [
    ["Ana+X@Acme.Example.", "ana+x@acme.example"],
    ["*@BÜCHER.example", "*@xn--bcher-kva.example"],
    ["*@*.Acme.Example", "*@*.acme.example"],
  ] as const) {
    const parsed = parseAddressPattern(text);
    assert.ok(parsed.ok);
    assert.equal(formatPattern(parsed.pattern), canonical);
  }
});

test("formatPattern() writes what parseAddressPattern() reads as the same pattern", () => {
  const prefix = fc.constantFrom("*@", "*@*.", "ana@", "a+b@", "+a@", "o'brien@");
  fc.assert(
    fc.property(prefix, fc.domain(), (before, domain) => {
      const parsed = parseAddressPattern(before + domain);
      if (parsed.ok) assert.deepEqual(parseAddressPattern(formatPattern(parsed.pattern)), parsed);
    }),
  );
});
