import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { joinDigits } from "./digits.ts";
import { normalize } from "./normalize.ts";

test("normalize() shows a text as a reader or a program would take it", async (t) => {
  const cases: Readonly<Record<string, readonly [text: string, untagged: string]>> = {
    "plain text": ["Hello, 4111!", "Hello, 4111!"],
    "full-width letters": ["ＡＫＩＡ１２", "AKIA12"],
    "zero-width, soft hyphen, tag and direction marks": ["a\u200bb\u00adc\u{e0041}d\u202ee\ufefff", "abcdef"],
    "control characters": ["a\0b\x1bc\x9bd", "abcd"],
    "accents that make a letter": ["cafe\u0301", "café"],
    "strokes over a letter": ["a\u0336b\u20e3", "ab"],
    "Cyrillic and Greek look-alikes": ["АΚІА ѕеcrеt", "AKIA secret"],
    "digits of other scripts": ["٤۱१๙𞥕❹④", "4119544"],
    "typographic punctuation": ["a–b—c‑d “e” f…", 'a-b-c-d "e" f...'],
    "spaces of all widths": ["a\u00a0b\u2003c\u3000d\u2800e", "a b c d e"],
    "decimal, hexadecimal and named entities": ["&#65;&#x42;&num;&nbsp;&amp;c", "AB# &c"],
    "entities without semicolon": ["&#65&#x42 &ampc", "AB &c"],
    "entities of entities": ["&amp;amp;#65;", "A"],
    "entities in full-width": ["＆#65；x", "Ax"],
    "an entity broken by a zero-width space": ["&#6\u200b5;", "A"],
    "percent escapes": ["%41%C3%A9%2541", "AéA"],
    "a lone percent sign": ["100% of 5%x", "100% of 5%x"],
    "program escapes": ["\\u0041\\x42\\u{43}\\u00411", "ABCA1"],
    tags: ["4<b>1</b><!-- x -->1<td>2</td>", "411 2 "],
    "no tag": ["a < b > c <3", "a < b > c <3"],
    "a lone surrogate": ["a\ud800b", "a\ud800b"],
  };
  for (const [name, [text, untagged]] of Object.entries(cases)) {
    await t.test(name, () => assert.equal(normalize(text).untagged, untagged));
  }
});

test("normalize() keeps letters of other scripts in `clear`", () => {
  const { clear, folded } = normalize("про\u200bект");
  assert.equal(clear, "проект");
  assert.notEqual(folded, clear);
});

test("normalize() knows the decimal digits of every script", () => {
  for (let codePoint = 0x80; codePoint < 0x20000; codePoint++) {
    const digit = String.fromCodePoint(codePoint);
    if (/\p{Nd}/u.test(digit)) assert.match(normalize(digit).folded, /^[0-9]$/, codePoint.toString(16));
  }
});

test("normalize() removes every format character", () => {
  for (let codePoint = 0x80; codePoint < 0xe1000; codePoint++) {
    const character = String.fromCodePoint(codePoint);
    if (/\p{Cf}/u.test(character))
      assert.equal(normalize(`a${character}b`).folded, "ab", codePoint.toString(16));
  }
});

const TEXT = fc.oneof(
  fc.string({ unit: "binary", maxLength: 200 }),
  fc
    .array(
      fc.constantFrom(
        "&",
        "#",
        "65",
        ";",
        "amp",
        "%",
        "41",
        "25",
        "\\u",
        "0041",
        "<b",
        ">",
        "\n",
        "\u200b",
        "А",
        "é",
        "\u0301",
      ),
      { maxLength: 40 },
    )
    .map((parts) => parts.join("")),
);

test("normalize() leaves lines where they are", () => {
  const lines = (text: string): number => text.split("\n").length;
  fc.assert(
    fc.property(TEXT, (text) => {
      const { clear, folded, untagged } = normalize(text);
      assert.deepEqual(
        [clear, folded, untagged, joinDigits(untagged)].map(lines),
        Array(4).fill(lines(text)),
      );
    }),
  );
});

test("normalize() changes nothing the second time, but for escapes that were nested too deep", () => {
  fc.assert(
    fc.property(TEXT, (text) => {
      const once = normalize(text).folded;
      fc.pre(!/[&%\\]/.test(once));
      assert.equal(normalize(once).folded, once);
    }),
  );
});

test("joinDigits() joins spread digits and nothing else", () => {
  assert.equal(
    joinDigits("call 41-11 / 1.1\n1, then 5 EUR and 7%"),
    "call 411111\n1, then 5 EUR and 7%".replace("\n1", "1\n"),
  );
  assert.equal(joinDigits("7% 8 $9 € 11"), "7% 8 $9 € 11");
  assert.equal(joinDigits("a1b2"), "a1b2");
});
