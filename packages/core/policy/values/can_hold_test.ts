import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { RE2JS } from "re2js";
import { canHold } from "./can_hold.ts";

const CASES: readonly (readonly [pattern: string, before: string, after: string, want: boolean])[] = [
  ["^Invoice", "[Acme] ", "", false],
  ["(?i)^\\[acme\\] invoice", "[Acme] ", "", true],
  ["^\\[Acme\\] \\d{6}$", "[Acme] ", "", true],
  ["^.{3}$", "[Acme] ", "", false],
  ["^.{9}$", "[Acme] ", "", true],
  ["^\\[acme", "[Acme] ", "", false],
  ["Invoice", "[Acme] ", "", true],
  ["\\bcase", "HR", "", true],
  ["^HR\\b", "HR", "", true],
  ["^HR\\Bx", "HR ", "", false],
  ["regards$", "", "Acme SA", false],
  ["(?m)regards$", "", "Acme SA", true],
  ["(?i)sa$", "", "Acme SA", true],
  ["(?s)^Dear.*SA$", "", "Acme SA", true],
  ["(?s)^Dear.*GmbH$", "", "Acme SA", false],
  ["\\AAcme SA\\z", "", "Acme SA", true],
  // What contradicts itself alone is not looked for.
  ["^$x", "", "", true],
  ["a\\bb", "", "", true],
  ["x^", "", "", false],
  ["(?m)x\\n^y", "", "", true],
  ["(foo|bar)+baz", "fo", "az", true],
  ["é$", "", "caffé", true],
];

test("canHold() tells what no text with these ends can hold", async (t) => {
  for (const [pattern, before, after, want] of CASES)
    await t.test(`${pattern} in ${before}…${after}`, () => {
      assert.equal(canHold(pattern, { before, after }), want);
    });
});

test("canHold() never says no of a pattern that is found in such a text", () => {
  const part = fc.constantFrom(
    "a",
    "b",
    " ",
    "\n",
    "[a-b]",
    ".",
    "\\b",
    "\\B",
    "^",
    "$",
    "(?m:^)",
    "(?m:$)",
    "\\n",
  );
  const pattern = fc
    .array(fc.tuple(part, fc.constantFrom("", "", "", "+", "?", "{2}")), { minLength: 1, maxLength: 5 })
    .map((parts) => parts.map(([one, times]) => `(?:${one})${times}`).join(""));
  const text = fc
    .array(fc.constantFrom("a", "b", " ", "\n"), { maxLength: 4 })
    .map((parts) => parts.join(""));
  let found = 0;
  fc.assert(
    fc.property(pattern, text, text, text, (pattern, before, between, after) => {
      if (
        !RE2JS.compile(pattern)
          .matcher(before + between + after)
          .find()
      )
        return;
      found++;
      assert.ok(canHold(pattern, { before, after }));
    }),
    { seed: 20_261_128, numRuns: 5_000 },
  );
  assert.ok(found > 500, `Only ${found} were found`);
});
