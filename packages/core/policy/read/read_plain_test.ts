import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { parseYaml } from "./_parse_yaml.ts";
import { placeFinder } from "./_place_finder.ts";
import { readNodes } from "./_read_nodes.ts";
import { type PlainDocument, readPlain } from "./_read_plain.ts";

const FILE = "teams/a.yaml";
const TEAMS = resolve(import.meta.dirname, "../../../../teams");

const POLICIES = readdirSync(TEAMS)
  .filter((name) => /^[a-z_]+(?<!_test)\.yaml$/.test(name))
  .map((name) => readFileSync(join(TEAMS, name), "utf8"));

const PLAIN = [
  ...POLICIES,
  "a: 1\nb:\n  - x\n  - { c: no, d: [true, 0.5] }\n",
  "a:\n- b: c\n  d:\n  - e\n  f: g # h\n- 'i'\n\n# j\nk: { l: [], m: {} } # n\n",
  "a: [b, \"c d\", 'e', 20/day]\nf: 08:00\ng: it's x, y [z] #\nh: 2030-12-31\ni: 01KJ1NHN8J5Q0V4Y8Z3T6R2W9C\n",
  'a: "(?i)x\\\\s+y"\nb: café ü\nc: 0\nd: "#"\ne: 30d',
];

/** What stands where decides what YAML makes of it. */
const BITS = [
  ...[
    " ",
    "  ",
    "\n",
    "\n  ",
    "\n ",
    "\n\n",
    "\n- ",
    "- ",
    "-",
    "--",
    "\n---\n",
    "\n...\n",
    ":",
    ": ",
    ",",
    ", ",
  ],
  ...[
    "[",
    "]",
    "{",
    "}",
    "#",
    " #",
    '"',
    "'",
    "\\",
    "\\\\",
    "&a ",
    "*a",
    "!a ",
    "|",
    "|\n",
    ">\n",
    "? ",
    "%",
    "@",
  ],
  ...[
    "`",
    "~",
    "<<: ",
    "\t",
    "\r\n",
    "a",
    "a: b",
    "a: ",
    "- a: b",
    "true",
    "True",
    "null",
    "yes",
    "0",
    "01",
    "1",
  ],
  ...[
    "0x1",
    "0o7",
    "1e3",
    "1.",
    ".5",
    "0.50",
    "+1",
    "-1",
    "_",
    ".nan",
    ".inf",
    "e",
    "24h",
    "5MB",
    "2030-01-01",
  ],
];

/** A policy, cut off somewhere, with a few changes near each other. */
const changedText = fc
  .record({
    text: fc.constantFrom(...PLAIN),
    length: fc.double({ min: 0.05, max: 1, noNaN: true }),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    changes: fc.array(fc.record({ by: fc.nat(12), cut: fc.nat(3), bit: fc.constantFrom("", ...BITS) }), {
      maxLength: 3,
    }),
  })
  .map(({ text, length, at, changes }) => {
    let changed = text.slice(0, Math.ceil(length * text.length));
    let place = Math.floor(at * changed.length);
    for (const { by, cut, bit } of changes) {
      changed = changed.slice(0, place) + bit + changed.slice(place + cut);
      place = Math.min(place + by, changed.length);
    }
    return changed;
  });

test("readPlain() gives exactly what the yaml library gives, or nothing, after any changes", () => {
  const seen = { plain: 0, left: 0 };
  fc.assert(
    fc.property(changedText, (text) => {
      const plain = readPlain(FILE, text);
      if (plain === undefined) seen.left++;
      else {
        seen.plain++;
        assertSame(plain, text);
      }
    }),
    { numRuns: 3_000 },
  );
  assert.ok(seen.plain > 300 && seen.left > 300, JSON.stringify(seen));
});

test("readPlain() reads policies as people write them", () => {
  for (const text of PLAIN) {
    const plain = readPlain(FILE, text);
    assert.ok(plain, text);
    assertSame(plain, text);
  }
});

test("readPlain() leaves to the yaml library what is more than plain", () => {
  for (const text of [
    ...[
      "",
      "# a\n",
      "a",
      "- a\n",
      "  a: 1\n",
      "a:\n",
      "a: b: c\n",
      "a:\n  b\n",
      "a: b\n  c\n",
      "a: 1\na: 2\n",
    ],
    ...["a: [b\n", "a: [b,\n  c]\n", "a: [b] c\n", "a: [b]#\n", "a: [b,]\n", "a: {b}\n", "a: {b: c, b: d}\n"],
    ...['a: "b\n', 'a: "\\u0000"\n', "a: 'it''s'\n", 'a: "b" c\n', 'a: "b": c\n', "a: |\n  b\n", "a: *b\n"],
    ...[
      "a: &b c\n",
      "a: !b c\n",
      "? a\n",
      "---\na: 1\n",
      "%YAML 1.2\n---\na: 1\n",
      "a: 1\n---\nb: 1\n",
      "a: 1\r\n",
    ],
    ...["a:\tb\n", "<<: { a: 1 }\n", "null: 1\n", "true: 1\n", "1: 1\n", "a: ~\n", "a: null\n", "a: True\n"],
    ...[
      "a: 0x1\n",
      "a: 1e3\n",
      "a: 01\n",
      "a: -1\n",
      "a: .5\n",
      "a: 12345678901234567890\n",
      "a: -\n",
      "a: - b\n",
    ],
    ...["a:\n  - b\n c: d\n", "a:\n  b: 1\n c: 2\n", "a: 1\n b: 2\n", "- a: 1\n  b: 2\n", "a: \u{1f600}\n"],
    ...[`a: ${"x".repeat(70_000)}\n`, `a: ${"[".repeat(20)}${"]".repeat(20)}\n`],
  ])
    assert.equal(readPlain(FILE, text), undefined, JSON.stringify(text.slice(0, 80)));
});

function assertSame(plain: PlainDocument, text: string): void {
  const parsed = parseYaml(text);
  assert.ok(parsed.ok, JSON.stringify(text));
  const { problems, ...nodes } = readNodes(parsed.document.contents, {
    placeAt: placeFinder(FILE, text),
    secrets: [],
  });
  assert.deepEqual(problems, [], JSON.stringify(text));
  const { file, ...rest } = plain;
  assert.equal(file, FILE);
  assert.deepEqual(rest, nodes, JSON.stringify(text));
  // Maps are equal in any order, and these are read in theirs.
  assert.deepEqual([...rest.places.keys()], [...nodes.places.keys()]);
}
