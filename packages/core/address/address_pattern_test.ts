import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { parse } from "yaml";
import { formatPattern, matchesDenyPattern, matchesPattern } from "./address_pattern.ts";
import { parseAddress } from "./parse_address.ts";
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

interface PatternCase {
  readonly pattern: string;
  readonly input: string;
  readonly deny?: boolean;
  readonly matches: boolean;
  readonly why: string;
}

const file = new URL("../testdata/addresses.yaml", import.meta.url);
const { patterns } = parse(readFileSync(file, "utf8")) as { patterns: readonly PatternCase[] };

test("matchesPattern() and matchesDenyPattern() cover what each published case says", async (t) => {
  assert.ok(patterns.length >= 60);
  for (const { pattern, input, deny, matches, why, ...rest } of patterns) {
    await t.test(`${why}: ${pattern} ${JSON.stringify(input)}`, () => {
      assert.deepEqual(rest, {}, "a comma outside quotes makes a key");
      const parsed = parseAddressPattern(pattern);
      const address = parseAddress(input);
      assert.ok(parsed.ok && address.ok);
      assert.equal((deny ? matchesDenyPattern : matchesPattern)(parsed.pattern, address.address), matches);
    });
  }
});

test("matchesDenyPattern() covers all that matchesPattern() covers", () => {
  for (const { pattern, input } of patterns) {
    const parsed = parseAddressPattern(pattern);
    const address = parseAddress(input);
    assert.ok(parsed.ok && address.ok);
    if (matchesPattern(parsed.pattern, address.address)) {
      assert.ok(matchesDenyPattern(parsed.pattern, address.address), `${pattern} ${input}`);
    }
  }
});
