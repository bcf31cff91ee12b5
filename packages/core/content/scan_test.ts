import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { parse } from "yaml";
import { BUILTIN_DETECTORS, type ContentDetector } from "../policy/mod.ts";
import { type ContentHit, type ContentPart, type ScanOptions, scan } from "./scan.ts";

interface Vector {
  readonly text: string | { readonly join: readonly string[] };
  readonly want: readonly string[];
  readonly why: string;
  readonly source: string;
  readonly part?: ContentPart;
  readonly encode?: "base64" | "hex" | "utf16";
}

const ALL: readonly ContentDetector[] = BUILTIN_DETECTORS.map((name) => ({ kind: "builtin", name }));

const file = new URL("../testdata/content.yaml", import.meta.url);
const { vectors } = parse(readFileSync(file, "utf8")) as { readonly vectors: readonly Vector[] };

function textOf({ text, encode }: Vector): string {
  const plain = typeof text === "string" ? text : text.join.join("");
  return encode === "base64" || encode === "hex" ? Buffer.from(plain).toString(encode) : plain;
}

function attach(content: string | Uint8Array, name = "data.csv", contentType = "text/csv") {
  return { name, contentType, contentBase64: Buffer.from(content).toString("base64") };
}

function scanBody(text: string, detectors = ALL): readonly ContentHit[] {
  return scan({ subject: "Hello", markdown: text, attachments: [] }, detectors);
}

function scanVector(vector: Vector): readonly ContentHit[] {
  const text = textOf(vector);
  const empty = { subject: "Hello", markdown: "See below", attachments: [] };
  if (vector.part === "subject") return scan({ ...empty, subject: text }, ALL);
  if (vector.part === "attachment name") return scan({ ...empty, attachments: [attach("Hello", text)] }, ALL);
  if (vector.part !== "attachment") return scanBody(text);
  const bytes = vector.encode === "utf16" ? Buffer.from(text, "utf16le") : text;
  return scan({ ...empty, attachments: [attach(bytes)] }, ALL);
}

test("scan() finds what content.yaml says, and nothing else", async (t) => {
  assert.ok(vectors.length >= 120);
  assert.ok(vectors.filter(({ want }) => want.length === 0).length >= 60);
  for (const vector of vectors) {
    await t.test(`${vector.why}: ${vector.want.join() || "nothing"}`, () => {
      const hits = scanVector(vector);
      assert.deepEqual(hits.map((hit) => hit.detector).sort(), [...vector.want].sort());
      for (const hit of hits) assert.equal(hit.part, vector.part ?? "body");
    });
  }
});

const digitsFrom = (zero: number) => (text: string) =>
  text.replace(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)));
const group = (glue: string) => (text: string) => text.replace(/(.{4})(?=.)/g, `$1${glue}`);
const each = (glue: string) => (text: string) => [...text].join(glue);
const escapeEach = (write: (code: number) => string) => (text: string) =>
  [...text].map((character) => write(character.charCodeAt(0))).join("");

const inGroups = (text: string, size: number, glue: string): string =>
  text.replace(new RegExp(`(.{${size}})(?=.)`, "g"), `$1${glue}`);
const base64 = (text: string): string => Buffer.from(`it is ${text}, ok`).toString("base64");
const reversed = (text: string): string => [...text].reverse().join("");
const items = (mark: (index: number) => string) => (text: string) =>
  inGroups(text, 4, "\n")
    .split("\n")
    .map((piece, index) => `${mark(index)} ${piece}`)
    .join("\n");

const DISGUISES: Readonly<Record<string, (text: string) => string>> = {
  none: (text) => text,
  blanks: group(" "),
  "no-break spaces": group("\u00a0"),
  "thin spaces": group("\u2009"),
  dashes: group("-"),
  "en dashes": group("\u2013"),
  dots: group("."),
  "middle dots": group("\u00b7"),
  slashes: group("/"),
  underscores: group("_"),
  "blank and dash": group(" - "),
  "every character apart": each(" "),
  "zero-width spaces": each("\u200b"),
  "word joiners": each("\u2060"),
  "soft hyphens": group("\u00ad"),
  "variation selectors": each("\ufe0f"),
  "tag characters": each("\u{e0041}"),
  "direction marks": each("\u202d"),
  "NUL characters": each("\0"),
  "combining strokes": each("\u0336"),
  "full-width digits": digitsFrom(0xff10),
  "Arabic-Indic digits": digitsFrom(0x660),
  "Devanagari digits": digitsFrom(0x966),
  "Thai digits": digitsFrom(0xe50),
  "Adlam digits": digitsFrom(0x1e950),
  "mathematical digits": digitsFrom(0x1d7f6),
  "decimal entities": escapeEach((code) => `&#${code};`),
  "hexadecimal entities": escapeEach((code) => `&#x${code.toString(16)};`),
  "padded entities": escapeEach((code) => `&#x0000${code.toString(16)};`),
  "entities of entities": escapeEach((code) => `&amp;#${code};`),
  "percent escapes": escapeEach((code) => `%${code.toString(16)}`),
  "percent escapes twice": escapeEach((code) => `%25${code.toString(16)}`),
  "JSON escapes": escapeEach((code) => `\\u00${code.toString(16)}`),
  "empty tags": group("<b></b>"),
  comments: group("<!-- -->"),
  "table cells": (text) => `| ${group(" | ")(text)} |`,
  "HTML cells": (text) => `<td>${group("</td><td>")(text)}</td>`,
  lines: group("\n"),
  emphasis: group("**"),
  backticks: (text) => `\`${group("``")(text)}\``,
  base64: (text) => Buffer.from(text).toString("base64"),
  "base64url without padding": (text) => Buffer.from(text).toString("base64url"),
  hexadecimal: (text) => Buffer.from(text).toString("hex"),
  "pairs of hexadecimal": escapeEach((code) => `${code.toString(16)} `),
  "right-to-left override": (text) => `\u202e${reversed(text)}\u202c`,
  "right-to-left override to the end of the line": (text) => `\u202e${reversed(text)}`,
  "right-to-left override as an entity": (text) => `&#8238;${reversed(text)}&#8236;`,
  "an element that turns text around": (text) => `<bdo dir="rtl">${reversed(text)}</bdo>`,
  "a style that turns text around": (text) =>
    `<span style="unicode-bidi:bidi-override;direction:rtl">${reversed(text)}</span>`,
  "a numbered list": items((index) => `${index + 1}.`),
  "a numbered list with parentheses": items((index) => `${index + 1})`),
  "a numbered list with colons": items((index) => `${index + 1}:`),
  "a list of letters": items((index) => `${"abcdefghijklm"[index]})`),
  "a list of parts": items((index) => `Part ${index + 1}:`),
  "a list of points": items(() => "-"),
  "HTML items": (text) => `<ol><li>${inGroups(text, 4, "</li><li>")}</li></ol>`,
  "base64 in groups of four": (text) => inGroups(base64(text), 4, " "),
  "base64 in groups of eight": (text) => inGroups(base64(text), 8, ", "),
  "base64 with dashes": (text) => inGroups(base64(text), 6, "-"),
  "base64 on short lines": (text) => inGroups(base64(text), 8, "\n"),
  "base64 twice": (text) => Buffer.from(base64(text)).toString("base64"),
  "base64 three times": (text) =>
    Buffer.from(Buffer.from(base64(text)).toString("base64")).toString("base64"),
  "hexadecimal in groups": (text) => inGroups(Buffer.from(`it is ${text}`).toString("hex"), 8, " "),
  "decimal codes": escapeEach((code) => `${code} `),
  "binary codes": escapeEach((code) => `${code.toString(2).padStart(8, "0")} `),
  "octal escapes": escapeEach((code) => `\\${code.toString(8)}`),
  "long Unicode escapes": escapeEach((code) => `\\U${code.toString(16).padStart(8, "0")}`),
  "CSS escapes": escapeEach((code) => `\\${code.toString(16)} `),
  "UTF-7": (text) => `+${Buffer.from(text, "utf16le").swap16().toString("base64").replace(/=+$/, "")}-`,
  "soft line breaks": (text) => inGroups(text, 5, "=\r\n"),
  "one soft line break": (text) => `${text.slice(0, 8)}=\n${text.slice(8)}`,
  "quoted-printable in small letters": escapeEach((code) => `=${code.toString(16)}`),
  "comments that hold tags": group("<!-- <b>x</b> > -->"),
  "comments over lines": group("<!--\n\n\n-->"),
  "hidden elements": group('<span style="display:none">xx</span>'),
  scripts: group("<script>var x=1</script>"),
  "empty links": group("[](x)"),
  "wrapped and indented lines": (text) => inGroups(text, 9, "\n    "),
  "quoted lines": (text) => inGroups(text, 9, "\n>> "),
  "lines that end in dots": group(".\n"),
  ellipses: group("...\n..."),
  "joined strings": group('" + "'),
  arrows: group(" -> "),
  emoji: group("😀"),
};

const SECRETS: readonly (readonly [string, string])[] = [
  ["credit_card", "4111111111111111"],
  ["credit_card", "5555555555554444"],
  ["credit_card", "6011000990139424"],
  ["credit_card", "378282246310005"],
  ["iban", "DE89370400440532013000"],
  ["iban", "NL91ABNA0417164300"],
  ["api_key", ["AKIA", "IOSFODNN7EXAMPLE"].join("")],
  ["api_key", ["ghp_", "16C7e42F292c6912E7710c838347Ae178B4a"].join("")],
  ["api_key", ["sk_live_", "4eC39HqLyjWDarjtT1zdp7dc"].join("")],
];

test("scan() sees through every disguise of every secret", () => {
  const missed: string[] = [];
  for (const [detector, secret] of SECRETS) {
    for (const [name, disguise] of Object.entries(DISGUISES)) {
      const hits = scanBody(`Here it is:\n${disguise(secret)}\nThanks`);
      if (!hits.some((hit) => hit.detector === detector)) missed.push(`${detector} in ${name}`);
    }
  }
  assert.deepEqual(missed, []);
});

test("scan() finds numbers among others, however they are separated", () => {
  const numbers: readonly (readonly [string, string, string])[] = [
    ["credit_card", "", "4929733122448810"],
    ["iban", "", "DE89370400440532013000"],
    ["us_ssn", "id;ssn\n", "123456789"],
  ];
  const before = [
    "",
    "7;",
    "7,",
    "7|",
    "7\t",
    "7 ",
    "7: ",
    "17;",
    "7;8;",
    "7\t8\t",
    "+49 30 1234567, ",
    "12/27 ",
    "1\n",
  ];
  const after = ["", ";7", ",7", "|7", "\t7", " 7", ";12/27;123", " 12/27 123", "\n8;5", "\t8\t9"];
  const missed: string[] = [];
  for (const [detector, head, number] of numbers) {
    for (const size of [1, 2, 3]) {
      for (const glue of [" ", "-", ".", "/"]) {
        for (const start of before) {
          for (const end of after) {
            const text = `${head}${start}${inGroups(number, size, glue)}${end}`;
            if (!scanBody(text).some((hit) => hit.detector === detector)) missed.push(JSON.stringify(text));
          }
        }
      }
    }
  }
  assert.deepEqual(missed, []);
});

test("scan() says where, and never what", () => {
  const body = ["Hello", "", "4111 1111", "1111 1111", "and DE89 3704 0044 0532 0130 00", "Bye"].join("\r\n");
  const secret = attach("a,b\n1,4111111111111111\n");
  const draft = { subject: "SSN 123-45-6789", markdown: body, attachments: [attach("hi"), secret] };
  const hits = scan(draft, ALL);
  assert.deepEqual(hits, [
    { detector: "us_ssn", kind: "builtin", part: "subject", line: 1 },
    { detector: "credit_card", kind: "builtin", part: "body", line: 3 },
    { detector: "iban", kind: "builtin", part: "body", line: 5 },
    { detector: "credit_card", kind: "builtin", part: "attachment", index: 1, line: 2 },
  ]);
  assert.ok(!JSON.stringify(hits).includes("1111"));
});

test("scan() names the line where an encoded secret begins", () => {
  const encoded = Buffer.from("line one\nline two: 4111 1111 1111 1111").toString("base64");
  const other = Buffer.from("nothing of interest in this text").toString("base64");
  assert.deepEqual(scanBody(`Hi\n\n${other}\n\n${encoded}\n`), [
    { detector: "credit_card", kind: "builtin", part: "body", line: 5 },
  ]);
  const wrapped = Buffer.from(`${"Filler text. ".repeat(20)}4111111111111111`).toString("base64");
  assert.equal(scanBody(wrapped.replace(/(.{76})/g, "$1\r\n")).length, 1);
});

test("scan() matches a policy's patterns in every guise", async (t) => {
  const falcon: ContentDetector = { kind: "pattern", name: "codename", pattern: "(?i)project\\s+falcon" };
  const staff: ContentDetector = { kind: "pattern", name: "staff", pattern: "\\b77\\d{6}\\b" };
  const cafe: ContentDetector = { kind: "pattern", name: "cafe", pattern: "проект|café" };
  const cases: Readonly<Record<string, readonly [ContentDetector, string]>> = {
    "as written": [falcon, "About Project  Falcon"],
    "zero-width space": [falcon, "About pro\u200bject falcon"],
    "Cyrillic letters": [falcon, "About рrоjесt fаlсоn"],
    "HTML tags": [falcon, "About pro<b>ject</b> falcon"],
    entities: [falcon, "About proj&#101;ct falcon"],
    base64: [falcon, Buffer.from("About project falcon, as agreed").toString("base64")],
    "spread digits": [staff, "Number 77-123 456"],
    "Cyrillic pattern": [cafe, "Наш про\u00adект"],
    "decomposed accents": [cafe, "Meet at the cafe\u0301"],
  };
  for (const [name, [detector, text]] of Object.entries(cases)) {
    await t.test(name, () => {
      assert.deepEqual(scanBody(text, [detector]), [
        { detector: detector.name, kind: "pattern", part: "body", line: 1 },
      ]);
      assert.deepEqual(scanBody("Nothing here but 12 words and a date, 2024-11-23", [detector]), []);
    });
  }
});

test("scan() reads text by content, whatever the attachment says it is", () => {
  const card = "number\n4111111111111111\n";
  const found = (
    content: string | Uint8Array,
    type: string,
    name = "a.bin",
    options: ScanOptions = {},
  ): string =>
    scan({ subject: "", markdown: "", attachments: [attach(content, name, type)] }, ALL, options)
      .map((hit) => hit.detector)
      .join();
  assert.equal(found(card, "application/octet-stream"), "credit_card");
  assert.equal(found(card, "image/png"), "credit_card");
  assert.equal(found(`4\u0000111${"\u0000a".repeat(80)} ${card}`, "text/plain"), "credit_card");
  assert.equal(found(`a\u0000`.repeat(100) + card, "text/plain"), "credit_card");
  assert.equal(found(Buffer.from(`\ufeff${card}`, "utf16le"), "text/plain"), "credit_card");
  assert.equal(found(Buffer.from(card, "utf16le").swap16(), "text/plain"), "credit_card");
  assert.equal(found(Buffer.from(`é à ü ${card}`, "latin1"), "text/plain"), "credit_card");
  assert.equal(found(Buffer.concat([Buffer.alloc(50_000, 7), Buffer.from(card)]), "text/csv"), "credit_card");
  const noise = Uint8Array.from({ length: 200_000 }, (_, i) => (i * 7919 + (i >> 3) * 104_729) & 0xff);
  assert.equal(found(noise, "application/zip"), "unscannable");
});

test("scan() takes what was read of an attachment for what it says", () => {
  const attachments = [attach("%PDF-1.7\0", "a.pdf", "application/pdf")];
  const found = (texts: readonly string[], complete: boolean) =>
    scan({ subject: "", markdown: "", attachments }, ALL, { readings: [{ texts, complete }] }).map(
      ({ detector }) => detector,
    );
  assert.deepEqual(found(["Hello", "4111 1111 1111 1111", "4111111111111111"], true), ["credit_card"]);
  assert.deepEqual(found(["Hello"], true), []);
  assert.deepEqual(found(["4111 1111 1111 1111"], false), ["credit_card", "unscannable"]);
});

test("scan() reports attachments that it cannot read", () => {
  const draft = (contentBase64: string, contentType = "text/csv") => ({
    subject: "",
    markdown: "",
    attachments: [{ name: "a.csv", contentType, contentBase64 }],
  });
  const unscannable = [
    { detector: "unscannable", kind: "unscannable", part: "attachment", index: 0, line: 1 },
  ];
  const large = Buffer.from("a,b,c\n".repeat(200)).toString("base64");
  assert.deepEqual(scan(draft(large), ALL, { maxAttachmentBytes: 1000 }), unscannable);
  assert.deepEqual(scan(draft(large, "application/pdf"), ALL, { maxAttachmentBytes: 1000 }), unscannable);
  assert.deepEqual(scan(draft(large), ALL, { maxAttachmentBytes: 1200 }), []);
  assert.deepEqual(scan(draft("no*base64"), ALL), unscannable);
  assert.deepEqual(scan(draft("no*base64"), []), unscannable);
  assert.deepEqual(scan(draft(""), ALL), []);
});

test("scan() takes linear time on hostile text", async (t) => {
  const [large, size] = [1_000_000, 200_000];
  const hostile: Readonly<Record<string, string>> = {
    digits: "4".repeat(large),
    "spaced digits": "4 ".repeat(size / 2),
    "cells of spaced digits": "7;4 9 2 9 7 3 3 1 2 2 4 4 8 8 1 1\n".repeat(size / 34),
    "separators by turns": "4 1;1 1;".repeat(size / 8),
    "digits and pairs": "4 11 4 1 11 ".repeat(size / 12),
    "groups of four": "4111 ".repeat(size / 5),
    "card after card that fails": "4111111111111112 ".repeat(size / 17),
    "French Diners numbers": `${"38012986646850 a ".repeat(size / 17)} siret`,
    "rows of figures": "4530|5200|4800|5100 a ".repeat(size / 22),
    entities: `A${"&amp;".repeat(large / 5)}`,
    "percent signs": "%25".repeat(large / 3),
    brackets: "<a".repeat(large / 2),
    "angle brackets": "<".repeat(large),
    marks: `a${"\u0301\u0323".repeat(large / 2)}`,
    "at signs": "a@".repeat(size / 2),
    prefixes: "sk-".repeat(size / 3),
    "broken prefixes": "s k _ l i v e _ ".repeat(size / 16),
    "long words": "a".repeat(large),
    "base64 runs": "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo= ".repeat(size / 37),
    "hexadecimal pairs": "ab ".repeat(size / 3),
    ibans: "AT10".repeat(size / 4),
    v: "v".repeat(size),
    "private words": "PRIVATE KEY ".repeat(size / 12),
    bearers: "bearer ".repeat(size / 7),
    secrets: "secret".repeat(size / 6),
    equals: "=4".repeat(size / 2),
    lines: "1\n".repeat(size / 2),
    backslashes: "\\u".repeat(size / 2),
    "signed links": `https://a.example/?X-Amz-Expires=60&X-Amz-Signature=1${`&X-Amz-Credential=${["AK", "IA"].join("")}IOSFODNN7EXAMPLE`.repeat(size / 40)}`,
    "signatures that do not end": "&sig=".repeat(size / 5),
    "tokens of a link": `https://a.example/?${"token=eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjF9.AAAA&".repeat(size / 48)}`,
    schemes: "://".repeat(size / 3),
    "users of schemes": "://a:b".repeat(size / 6),
    passwords: ";password=".repeat(size / 10),
    "named keys": "api_key=".repeat(size / 8),
    "a named key that goes on": `api_key=${"a1".repeat(size / 2)}`,
    "webhook paths": "/api/webhooks/".repeat(size / 14),
    "bots' numbers": "12345678:AA".repeat(size / 11),
    overrides: "\u202e".repeat(size),
    "turned elements": '<bdo dir="rtl">1'.repeat(size / 16),
    "elements that may be turned": `<b ${"rtl ".repeat(size / 4)}`,
    comments: "<!--".repeat(size / 4),
    "comments over lines": "<!--\n-->".repeat(size / 8),
    "hidden elements": '<p style="display:none">'.repeat(size / 24),
    "empty links": "[](".repeat(size / 3),
    "numbered items": "1. 4111\n".repeat(size / 8),
    "marks of items": "1.".repeat(size / 2),
    "digits like letters": "4l".repeat(size / 2),
    "digits like letters, apart": "4 l O ".repeat(size / 6),
    "groups of one length": "abcd ".repeat(size / 5),
    "long groups of one length": "abcdefghabcdefgh ".repeat(size / 17),
    "decimal codes": "52 ".repeat(size / 3),
    "many groups of one length": "QUJD QUJD QUJD QUJD QUJD\n\n\n12 ".repeat(size / 31),
    "binary codes": "01010101 ".repeat(size / 9),
    "octal escapes": "\\101".repeat(size / 4),
    "base64 of base64": Buffer.from(Buffer.from("QUJD".repeat(size / 8)).toString("base64")).toString(
      "base64",
    ),
    "dashes in base64": "QUJD-".repeat(size / 5),
    "soft line breaks": "=\n".repeat(size / 2),
    emoji: `${["AK", "IA"].join("")}${"😀".repeat(size / 2)}`,
    "order numbers": "order 4000001234567899 ".repeat(size / 23),
    "part numbers": "part 555-12-3456\n".repeat(size / 17),
    "part numbers in cells": `part;qty\n${"555-12-3456;1\n".repeat(size / 14)}`,
    "halves of bots": "MTIzNDU2Nzg5MDEyMzQ1Njc4.Gabcde.".repeat(size / 32),
  };
  for (const [name, text] of Object.entries(hostile)) {
    await t.test(name, () => {
      const before = process.cpuUsage();
      scanBody(text);
      const took = process.cpuUsage(before).user / 1000;
      assert.ok(took < 2000, `${took} ms`);
    });
  }
});

test("scan() is total, and its hits hold nothing of the text", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 400 }),
    fc
      .array(
        fc.constantFrom(
          "4111",
          " ",
          "1111",
          "-",
          "\n",
          "&#52;",
          "%34",
          "<b>",
          "\u200b",
          "AKIA",
          "eyJ",
          "=",
          "@x.y",
          "é",
        ),
        { maxLength: 80 },
      )
      .map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(
      text,
      text,
      fc.uint8Array({ maxLength: 400 }),
      fc.string(),
      (subject, markdown, bytes, contentType) => {
        const attachments = [
          attach(bytes, subject, contentType),
          { name: "", contentType, contentBase64: markdown },
        ];
        for (const hit of scan({ subject, markdown, attachments }, ALL)) {
          assert.deepEqual(
            Object.keys(hit).filter((key) => !["detector", "kind", "part", "index", "line"].includes(key)),
            [],
          );
          assert.ok(hit.line >= 1 && hit.line <= 1 + Math.max(subject.length, markdown.length, bytes.length));
        }
      },
    ),
    { numRuns: 150 },
  );
});
