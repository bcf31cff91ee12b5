import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { codeOf, codeText, readCode } from "./_code_text.ts";
import { CODES, LISTS } from "./_phrases.ts";

const RUNS = 300;
const WORDS = ["rcp_01M8GMSJ6QCJHAWNM7BM2Q1ZYD", null, "01HXEMAIL", "01HXÉ"];
const RECORDS: readonly string[] = readFileSync(
  new URL("../../testdata/golden/records.jsonl", import.meta.url),
  "utf8",
)
  .trim()
  .split("\n");

function code(text: string): Buffer {
  const bytes = codeText(text, WORDS);
  assert.ok(bytes, text);
  return Buffer.from(bytes);
}

test("readCode() gives what codeText() was given", () => {
  const hash = createHash("sha256").update("x").digest("hex");
  const part = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.constantFrom(...LISTS.flat(), ...WORDS.filter((word) => word !== null), hash, hash.toUpperCase()),
    fc.constantFrom("", "\\", "\u0000", "é".repeat(16), "x".repeat(31), "\u{1f600}".repeat(100)),
    fc.constantFrom("01HXEMAILS", "01HXÉ.", "01HX\u00c3\u0089", "ab".repeat(18)),
    fc.uuid(),
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  );
  fc.assert(
    fc.property(
      fc.array(part).map((parts) => parts.join('"')),
      (text) => {
        assert.equal(readCode(code(text), 0, WORDS), text);
      },
    ),
    { numRuns: RUNS },
  );
  for (const text of RECORDS) assert.equal(readCode(code(text), 0, WORDS), text);
  // Behind bytes of another.
  assert.equal(readCode(Buffer.from(codeText("a", [], [7, 8]) ?? []), 2, []), "a");
});

test("codeText() writes what all emails say in few bytes", () => {
  const data = `{"bounce_type":null,"by":null,"email":"01HXEMAIL","event":"delivered","final":true,"happened_at":"2026-11-23T12:00:00.000Z","learnt_by":"webhook","multimail_status":"delivered","reason":null}`;
  assert.ok(code(data).length < 20, `${code(data).length}`);
  const [before, after] = RECORDS.reduce(
    ([all, coded], text) => [all + text.length, coded + code(text).length],
    [0, 0],
  );
  assert.ok(after < 0.55 * before, `${after} of ${before}`);
});

test("codeText() writes the same bytes in every version", () => {
  const bytes = RECORDS.flatMap((text) => [...code(text)]);
  assert.equal(
    createHash("sha256").update(Buffer.from(bytes)).digest("hex"),
    "6d1e57d4e199c3ef1f0776e835196b40da359db78063b9319ea31dfb746a950d",
  );
});

test("codeText() leaves to others what it cannot write", () => {
  assert.equal(codeText("\ud83c", []), undefined);
  assert.equal(codeText("x".repeat(65_536), []), undefined);
  assert.equal(codeText('"'.repeat(5 * 1024 * 1024), []), undefined);
});

test("readCode() refuses what codeText() does not write, and gives no more than a record has", () => {
  const list = LISTS.length;
  const longest = LISTS.flat().reduce((a, b) => (a.length > b.length ? a : b));
  const place = LISTS.flat().indexOf(longest);
  const phrase = place < CODES ? [0x20 + place] : [0x1f, place - CODES];
  const cases: readonly (readonly [bytes: readonly number[], message: RegExp])[] = [
    [[], /its list of phrases must be 1 to \d/],
    [[list + 1, 0x20], /its list of phrases/],
    [[list, 0], /a byte 0 that says nothing/],
    [[list, 0x11], /a byte 17 that says nothing/],
    [[list, 0x1f], /its end is missing/],
    [[list, 1, 2, 3], /its end is missing/],
    [[list, 2, 0], /its end is missing/],
    [[list, 0xe3, 0x61], /its end is missing/],
    [[list, 0xff, 0xff], /its end is missing/],
    [[list, 0xff, 0, 9, 0x61], /its end is missing/],
    [[list, ...Array.from({ length: 80_000 }, () => phrase).flat()], /longer than any record/],
  ];
  for (const [bytes, message] of cases) assert.throws(() => readCode(Buffer.from(bytes), 0, WORDS), message);
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      try {
        assert.equal(typeof readCode(Buffer.from([list, ...bytes]), 0, WORDS), "string");
      } catch (error) {
        assert.match(String(error), /^Error: it/);
      }
    }),
    { numRuns: RUNS },
  );
});

test("codeOf() gives the bytes that are in whatever holds the text between quotation marks", () => {
  for (const text of ["partner.example", "01HXOTHER", "grüße.example", "a".repeat(64), "x".repeat(40)]) {
    assert.ok(code(`{"domain":"${text}","field":"to"}`).includes(Buffer.from(codeOf(text))), text);
    assert.ok(codeOf(text).length > 0);
  }
  // Part of a phrase, or no part: it may be there in another form.
  for (const text of ["email", "sent", ',"mailbox":']) assert.equal(codeOf(text).length, 0);
});

test("LISTS keep every phrase that was released in its place", () => {
  assert.equal(
    createHash("sha256").update(JSON.stringify(LISTS[0])).digest("hex"),
    "b627ea5544b00a9b79992b79f7ee81249d7e16456298ad30ec54fbd5a003de8d",
    "Make another list for more phrases: bytes on disk are read by these",
  );
  const all = LISTS.flat();
  assert.ok(all.length <= CODES + 256);
  assert.equal(new Set(all).size, all.length);
});
