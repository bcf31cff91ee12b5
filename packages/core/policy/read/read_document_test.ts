import assert from "node:assert/strict";
import { test } from "node:test";
import { formatProblem } from "../policy_problem.ts";
import { type ReadDocument, readDocument } from "./read_document.ts";

const MIB = 1024 * 1024;

test("readDocument() gives plain values and the place of each key and value", () => {
  const { document, problems } = read("# first\na: 1\nb:\n  - x\n  - { c: null, d: [true] }\n");
  assert.deepEqual(problems, []);
  assert.deepEqual(JSON.parse(JSON.stringify(document?.value)), { a: 1, b: ["x", { c: null, d: [true] }] });
  assert.deepEqual(places(document?.places), {
    "": "2:1",
    a: "2:4",
    b: "4:3",
    "b[0]": "4:5",
    "b[1]": "5:5",
    "b[1].c": "5:10",
    "b[1].d": "5:19",
    "b[1].d[0]": "5:20",
  });
  assert.deepEqual(places(document?.keyPlaces), { a: "2:1", b: "3:1", "b[1].c": "5:7", "b[1].d": "5:16" });
});

test("readDocument() counts columns in UTF-16 units and lines with either ending, as editors do", async (t) => {
  for (const [name, eol] of Object.entries({ LF: "\n", CRLF: "\r\n" })) {
    await t.test(name, () => {
      const { document } = read(`é: "ü😀"${eol}"😀": { b: 漢字, c: x }${eol}# 😀${eol}d: y`);
      assert.deepEqual(places(document?.places), {
        "": "1:1",
        '"é"': "1:4",
        '"😀"': "2:7",
        '"😀".b': "2:12",
        '"😀".c': "2:19",
        d: "4:4",
      });
    });
  }
});

test("readDocument() reads YAML 1.2 core, in which yes and 08:00 are text", () => {
  const { document } = read("a: yes\nb: 08:00\nc: 2026-12-31\nd: 0o17\ne: ~\nf: 1_000\n");
  assert.deepEqual(
    { ...document?.value },
    { a: "yes", b: "08:00", c: "2026-12-31", d: 15, e: null, f: "1_000" },
  );
});

test("readDocument() keeps keys that mean something to JavaScript as ordinary keys", () => {
  const { document } = read("__proto__: { polluted: true }\nconstructor: 1\ntoString: 2\n");
  assert.deepEqual(Object.keys(document?.value ?? {}), ["__proto__", "constructor", "toString"]);
  assert.equal(Reflect.get({}, "polluted"), undefined);
});

test("readDocument() follows a few aliases, and places what they repeat where it is written", () => {
  const { document, problems } = read("a: &x [p, q]\nb: *x\n");
  assert.deepEqual(problems, []);
  assert.deepEqual(document?.value.b, ["p", "q"]);
  assert.deepEqual(places(document?.places), {
    "": "1:1",
    a: "1:7",
    "a[0]": "1:8",
    "a[1]": "1:11",
    b: "2:4",
    "b[0]": "1:8",
    "b[1]": "1:11",
  });
});

test("readDocument() refuses what is no UTF-8 text, at its place", async (t) => {
  const files: Readonly<Record<string, readonly [bytes: readonly number[], problem: string]>> = {
    "an invalid byte": [
      [0x61, 0x3a, 0x20, 0xc3, 0xa9, 0xff, 0x0a],
      "1:5: File must be UTF-8: this byte is not",
    ],
    "a cut character": [[0x61, 0x3a, 0x0a, 0xf0, 0x9f, 0x98], "2:1: File must be UTF-8: this byte is not"],
    "a surrogate": [[0x61, 0x3a, 0x20, 0xed, 0xa0, 0x80], "1:4: File must be UTF-8: this byte is not"],
    "an overlong slash": [[0xc0, 0xaf], "1:1: File must be UTF-8: this byte is not"],
    "UTF-16": [[0xff, 0xfe, 0x61, 0x00], "1:1: File must be UTF-8, got UTF-16: save it as UTF-8"],
    "UTF-16, the other way": [
      [0xfe, 0xff, 0x00, 0x61],
      "1:1: File must be UTF-8, got UTF-16: save it as UTF-8",
    ],
    "UTF-16 without mark": [
      [0x61, 0x00, 0x3a, 0x00],
      "1:2: Remove character U+0000: it does not show, or changes how the text around it reads",
    ],
    "a byte order mark": [
      [0xef, 0xbb, 0xbf, 0x61],
      "1:1: File must not start with a byte order mark: save it as UTF-8 without BOM",
    ],
  };
  for (const [name, [bytes, problem]] of Object.entries(files)) {
    await t.test(name, () => {
      assert.equal(
        said(readDocument({ name: "a.yaml", file: "a.yaml", bytes: Uint8Array.from(bytes) }))[0],
        problem,
      );
    });
  }
});

test("readDocument() refuses characters by which people read something else than the parser", async (t) => {
  const names: Readonly<Record<string, string>> = {
    NUL: "\0",
    escape: "\u001b",
    delete: "\u007f",
    "next line": "\u0085",
    "lone carriage return": "\r",
    "soft hyphen": "\u00ad",
    "zero-width space": "\u200b",
    "right-to-left override": "\u202e",
    isolate: "\u2066",
    "line separator": "\u2028",
    "word joiner": "\u2060",
    "byte order mark inside": "\ufeff",
  };
  for (const [name, character] of Object.entries(names)) {
    await t.test(name, () =>
      assert.match(said(read(`a: 1\nb: x${character}y\n`))[0] ?? "", /^2:5: Remove character U\+/),
    );
  }
  assert.deepEqual(read('a: "😀 👩‍💻 é ü\\t\\n"\n').problems, []);
});

test("readDocument() says little of much: a file full of deceptive characters or keys has few problems", () => {
  assert.equal(said(read("\u200b".repeat(100_000))).length, 20);
  assert.ok(said(read("# csk_0123456789\n".repeat(50_000))).length <= 21);
});

test("readDocument() answers to every hostile file, soon", async (t) => {
  const full = (piece: string): string =>
    piece.repeat(Math.floor(MIB / new TextEncoder().encode(piece).length));
  const files: Readonly<Record<string, readonly [text: string, message: RegExp]>> = {
    "one byte too much": ["x".repeat(MIB + 1), /^1:1: File must not be larger than 1 MiB$/],
    "a line of 1 MiB": [full("x"), /File must be a map/],
    "a key of 1 MiB": [`${"x".repeat(MIB - 3)}: 1`, /./],
    "deep lists": [full("["), /^1:51: Values are nested too deeply$/],
    "deep maps": [full("{a: "), /nested too deeply/],
    both: [full('{"a":['), /nested too deeply/],
    "deep block lists": [full("- "), /nested too deeply/],
    "deep block maps": [full("a: "), /nested too deeply/],
    "deep explicit keys": [full("? "), /nested too deeply/],
    "deep indentation": [
      Array.from({ length: 1400 }, (_, depth) => `${" ".repeat(depth)}a:\n`).join(""),
      /nested too deeply/,
    ],
    commas: [`[${full(",").slice(1)}`, /too many values/],
    closers: [full("]"), /too many values/],
    anchors: [full("&a "), /too many values/],
    aliases: [full("*a "), /too many values/],
    tags: [full("! "), /too many values/],
    items: [full("- a\n"), /too many values/],
    "many keys": [Array.from({ length: 90_000 }, (_, index) => `k${index}: 1\n`).join(""), /too many values/],
    "the same key": [full("a: 1\n"), /too many values/],
    documents: [full("---\n"), /too many values/],
    "empty lines": [full("\n"), /too many values/],
    comments: [full("#\n"), /too many values/],
    spaces: [full(" "), /File is empty/],
    tabs: [full("\t"), /File is empty/],
    escapes: [`"${full("\\q").slice(3)}"`, /backslashes/],
    "an open quote": [`a: "${full("x").slice(5)}`, /^1:4: Missing closing quote$/],
    "an open apostrophe": [`a: '${full("x\n").slice(5)}`, /^1:4: Missing closing quote$/],
    "a bad block header": [full(">"), /^1:2: Block scalar header.{0,200}$/],
    "an alias of much, much repeated": [
      `a: &a [${"1,".repeat(60_000)}]\nb: [*a,*a,*a,*a,*a,*a,*a,*a]\n`,
      /Aliases repeat more than/,
    ],
    "quadratic aliases": [`a: &a [x]\n${Array.from({ length: 30_000 }, () => "b: *a\n").join("")}`, /./],
    "an alias of its own parent": ["a: &a { b: { c: *a } }\n", /^1:17: Alias "\*a" contains itself$/],
    "an alias as a key": ["a: &a x\n*a : y\n", /./],
  };
  for (const [name, [text, message]] of Object.entries(files)) {
    await t.test(name, { timeout: 20_000 }, () => {
      const lines = said(read(text));
      assert.match(lines[0] ?? "", message);
      assert.ok(lines.every((line) => line.length < 400));
    });
  }
});

function read(text: string): ReadDocument {
  return readDocument({ name: "a.yaml", file: "a.yaml", bytes: new TextEncoder().encode(text) });
}

function said({ problems }: ReadDocument): readonly string[] {
  return problems.map((problem) => formatProblem({ ...problem, path: "" }).slice("a.yaml:".length));
}

function places(map: NonNullable<ReadDocument["document"]>["places"] = new Map()): Record<string, string> {
  return Object.fromEntries(Array.from(map, ([path, { line, column }]) => [path, `${line}:${column}`]));
}
