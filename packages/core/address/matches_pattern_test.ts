import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parse } from "yaml";
import { matchesDenyPattern } from "./matches_deny_pattern.ts";
import { matchesPattern } from "./matches_pattern.ts";
import { parseAddress } from "./parse_address.ts";
import { parseAddressPattern } from "./parse_address_pattern.ts";

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
