import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { domainToASCII } from "node:url";
import fc from "fast-check";
import { parse } from "yaml";
import { parseMailbox } from "./_parse_mailbox.ts";
import { REFUSALS, type Refusal } from "./_refusals.ts";
import { parseAddress } from "./parse_address.ts";

interface AddressCase {
  readonly input: string;
  readonly want: { address: string; base?: string; lookAlike?: boolean } | { reject: Refusal };
  readonly why: string;
  readonly source: string;
}

const file = new URL("../testdata/addresses.yaml", import.meta.url);
const { addresses } = parse(readFileSync(file, "utf8")) as { addresses: readonly AddressCase[] };

/** Texts that are nearly addresses: every character that has a meaning in one, and words that have. */
const nearly = fc.string({
  unit: fc.constantFrom(
    ..."aaazZ09@@@..+-_'\"\\<>()[],;:%!*=?& \t\r\n\0é\u0308ß。．＠а\u200bא١ーノ·\ud800",
    "example",
    ".com",
    "xn--",
    "xn--bcher-kva",
    "=?utf-8?q?",
    "ana@b.example",
  ),
  maxLength: 30,
});
const plain = fc.stringMatching(/^[\w.+'-]{1,66}@[\w-]{1,65}(\.[a-zA-Z0-9-]{1,20}){0,3}\.?$/);
const letters = fc.string({
  unit: fc.constantFrom(..."aBéßаоπאاー例ノ工가·l9-"),
  minLength: 1,
  maxLength: 6,
});
/** Texts of which many are addresses, in all their dress. */
const likely = fc
  .tuple(
    fc.constantFrom("", "", "<", "Ana Lee <", '"x@y.example, <" <'),
    fc.stringMatching(/^([a-zA-Z0-9]{1,9}[.+_'$&{-]?){0,3}[a-z]$/),
    fc.oneof(letters, fc.stringMatching(/^[a-zA-Z0-9]{1,40}(-{1,2}[a-z0-9]{1,25})?$/)),
    fc.constantFrom(
      ".com",
      ".Example",
      ".co.uk",
      ".рф",
      "。test",
      ".x-y.internal",
      ".xn--bcher-kva.example.",
      ".1",
    ),
  )
  .map(
    ([before, local, label, rest]) => `${before}${local}@${label}${rest}${before.includes("<") ? ">" : ""}`,
  );
const anything = fc.oneof(nearly, plain, likely, fc.string({ unit: "binary" }), fc.emailAddress());

test("parseAddress() makes of every published address what is expected", async (t) => {
  for (const { input, want, why, source, ...rest } of addresses) {
    await t.test(`${why}: ${JSON.stringify(input)}`, () => {
      assert.deepEqual(rest, {}, "a comma outside quotes makes a key");
      assert.ok(source);
      const result = parseAddress(input);
      if ("reject" in want) {
        assert.deepEqual(result, { ok: false, message: REFUSALS[want.reject] });
        return;
      }
      assert.ok(result.ok, result.ok ? "" : result.message);
      const { address, key, base, lookAlike } = result.address;
      assert.equal(address, want.address);
      assert.equal(key, want.address.toLowerCase());
      assert.equal(base, want.base ?? key);
      assert.equal(lookAlike, want.lookAlike ?? false);
    });
  }
});

test("parseAddress() is tested with published attacks and real addresses enough, on every reason to refuse", () => {
  const rejected = addresses.flatMap(({ want }) => ("reject" in want ? [want.reject] : []));
  assert.ok(rejected.length >= 150, `${rejected.length} attacks`);
  assert.ok(addresses.length - rejected.length >= 75, `${addresses.length - rejected.length} accepted`);
  assert.deepEqual(new Set<Refusal>([...rejected, "too_long"]), new Set(Object.keys(REFUSALS)));
  assert.equal(new Set(Object.values(REFUSALS)).size, Object.keys(REFUSALS).length);
});

test("parseAddress() refuses half a surrogate pair, which YAML cannot write", () => {
  const refused = { ok: false, message: REFUSALS.hidden_character };
  assert.deepEqual(parseAddress("ana\ud800@acme.example"), refused);
  assert.deepEqual(parseAddress("\udc00 <ana@acme.example>"), refused);
});

test("parseAddress() converts domains as ICU does", () => {
  for (const { input, want } of addresses) {
    if ("reject" in want) continue;
    const written = input.slice(input.lastIndexOf("@") + 1).replace(/[> ]+$/, "");
    assert.equal(
      want.address.slice(want.address.lastIndexOf("@") + 1),
      domainToASCII(written).replace(/\.$/, ""),
    );
  }
});

test("parseAddress() refuses a text of more than 1000 characters, and is quick about any", () => {
  const long = { ok: false, message: REFUSALS.too_long };
  assert.deepEqual(parseAddress(`ana@acme.example${" ".repeat(985)}`), long);
  assert.deepEqual(parseAddress("\0".repeat(5_000_000)), long);
  assert.deepEqual(parseAddress(`${"a".repeat(5_000_000)}@b.example`), long);
  assert.ok(parseAddress(`ana@acme.example${" ".repeat(984)}`).ok);
  const started = performance.now();
  for (const part of ["a.", '"', "<", "a@", "xn--", "\\", " ", "[", "é", '"a"', "a-", "\u200d", "&a"]) {
    const text = part.repeat(1000 / part.length);
    parseAddress(text);
    parseAddress(`a@${text.slice(2)}`);
    parseAddress(`${text.slice(9)}@b.example`);
  }
  assert.ok(performance.now() - started < 1000);
});

test("parseAddress() never throws and never repeats what it was given", () => {
  fc.assert(
    fc.property(anything, (text) => {
      const result = parseAddress(text);
      if (!result.ok) assert.ok((Object.values(REFUSALS) as string[]).includes(result.message));
    }),
    { numRuns: 3000 },
  );
});

test("parseAddress() answers the same by its fast path as the long way", () => {
  fc.assert(
    fc.property(fc.oneof(plain, likely, fc.emailAddress()), (text) => {
      assert.deepEqual(parseAddress(text), parseMailbox(text));
    }),
    { numRuns: 3000 },
  );
});

test("parseAddress() reads its canonical form as itself, with a name and brackets or without", () => {
  fc.assert(
    fc.property(anything, (text) => {
      const first = parseAddress(text);
      if (!first.ok) return;
      const { address } = first.address;
      for (const again of [address, `<${address}>`, `"x@y.example, <" <${address}>`, ` ${address}. `]) {
        assert.deepEqual(parseAddress(again), first);
      }
    }),
    { numRuns: 3000 },
  );
});

test("parseAddress() answers with one ASCII address without spaces, within the limits of SMTP", () => {
  fc.assert(
    fc.property(anything, (text) => {
      const result = parseAddress(text);
      if (!result.ok) return;
      const { address, local, domain, key, base } = result.address;
      assert.match(address, /^[!-?A-~]+@[a-z0-9.-]+$/);
      assert.doesNotMatch(address, /[\s<>(),;:\\"[\]%!*]/);
      assert.equal(address, `${local}@${domain}`);
      assert.ok(local.length <= 64 && domain.length <= 253 && address.length <= 254);
      assert.ok(
        domain.includes(".") &&
          domain.split(".").every((label) => /^(?!-)[a-z0-9-]{1,63}(?<!-)$/.test(label)),
      );
      assert.equal(key, address.toLowerCase());
      assert.ok(base.endsWith(`@${domain}`) && key.startsWith(base.slice(0, base.indexOf("@"))));
    }),
    { numRuns: 3000 },
  );
});
