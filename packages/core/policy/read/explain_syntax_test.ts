import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatProblem } from "../policy_problem.ts";
import { readDocument } from "./read_document.ts";

const HEAD = "team: t\nassistants:\n  - id: x\n";

/** What people do to a file with a careless hand → what is said of it. */
const SLIPS: readonly (readonly [slip: string, text: string, wanted: string])[] = [
  ["a tab", `${HEAD}limits:\n\tteam: 5/day\n`, "5:1: Indent with blanks: YAML takes no tabs there"],
  [
    "a key too far left",
    "mailbox:\n  id: x\n address: a\n",
    '3:2: This line is indented by 1: line it up with "id" above (2), or with "mailbox" above (0)',
  ],
  [
    "a key too far right",
    "mailbox:\n  id: x\n    address: a\n",
    '3:5: This line is indented by 4: line it up with "id" above (2), or with "mailbox" above (0)',
  ],
  [
    "a key too far right of a list",
    "recipients:\n  allow: [x]\n   deny: [y]\n",
    '3:4: This line is indented by 3: line it up with "allow" above (2), or with "recipients" above (0)',
  ],
  [
    "a key of an item too far left",
    `${HEAD}   keys: []\n`,
    '4:4: This line is indented by 3: line it up with "id" above (4), or with "assistants" above (0)',
  ],
  [
    "a key of an item below its dash",
    `${HEAD}  keys: []\n`,
    '4:3: This line is indented by 2: line it up with "id" above (4), or with "assistants" above (0)',
  ],
  [
    "a key of an item too far right, after a comment",
    `${HEAD}    # why\n\n      keys: []\n`,
    '6:7: This line is indented by 6: line it up with "id" above (4), or with "assistants" above (0)',
  ],
  [
    "a dash too far left",
    `${HEAD} - id: y\n`,
    '4:2: This line is indented by 1: line it up with "- id: x" above (2)',
  ],
  [
    "a dash too far right",
    `${HEAD}   - id: y\n`,
    '4:4: This line is indented by 3: line it up with "- id: x" above (2)',
  ],
  ["no colon", `${HEAD}recipients\n  deny: []\n`, '4:1: Put a colon after the key: "recipients:"'],
  ["no blank", `${HEAD}description:hello\n`, '4:1: Put a blank after the colon: "description: hello"'],
  ["an open list", "recipients: { deny: [a }\n", '1:21: This "[" is not closed: put a "]" where it ends'],
  [
    "an open list over lines",
    'recipients:\n  deny: [a, "]", # ]\n  allow: []\n',
    '2:9: This "[" is not closed: put a "]" where it ends',
  ],
  [
    "an open map",
    "limits: { team: 5/day\nrules: {}\n",
    '1:9: This "{" is not closed: put a "}" where it ends',
  ],
  [
    "a colon in a text",
    "description: Invoices: all of them\n",
    '1:14: Put quotes around "Invoices: all of them": a colon and a blank make what stands before them a key',
  ],
  [
    "an at sign",
    "allow: [@acme.example]\n",
    '1:9: Put quotes around "@acme.example": YAML takes no text that begins with "@"',
  ],
];

for (const [slip, text, wanted] of SLIPS)
  test(`readDocument() explains ${slip} at its line, also with Windows line ends`, () => {
    for (const written of [text, text.replaceAll("\n", "\r\n")])
      assert.deepEqual(problemsOf(written), [wanted]);
  });

test("readDocument() explains each of two slips", () => {
  assert.deepEqual(problemsOf("mailbox:\n  id: [x]\n address: a\nrecipients:\n  deny: []\n   allow: []\n"), [
    '3:2: This line is indented by 1: line it up with "id" above (2), or with "mailbox" above (0)',
    '6:4: This line is indented by 3: line it up with "deny" above (2), or with "recipients" above (0)',
  ]);
});

test("readDocument() is done with a megabyte of slips, or of blanks in one line, whose parts nothing goes through twice", () => {
  const MIB = 1024 * 1024;
  const slips = "a: [\n b\n".repeat(MIB / 9).slice(0, MIB - 1);
  const blanks = " ".repeat(MIB - 100);
  for (const text of [
    slips,
    `a: x\n  b${blanks}c: d\n`,
    `a\n b${blanks}c\nd: e\n`,
    `a: b: c${blanks}d\n`,
    `a${blanks}\n`,
  ])
    assert.ok(problemsOf(text).length <= 20);
});

test("readDocument() places every problem within the file, whatever it holds", () => {
  const piece = fc.constantFrom(
    "a:",
    " b",
    "- ",
    "\n",
    "\n  ",
    "\n   ",
    "[",
    "]",
    "{",
    "}",
    '"',
    "'",
    "#",
    ",",
    "@",
    "\t",
    "x",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const text = pieces.join("");
      const lines = text.split("\n");
      for (const problem of problemsOf(text)) {
        const [line = 0, column = 0] = problem.split(":").map(Number);
        assert.ok(line >= 1 && line <= lines.length, problem);
        assert.ok(column >= 1 && column <= (lines[line - 1]?.length ?? 0) + 1, problem);
      }
    }),
    { numRuns: 500 },
  );
});

function problemsOf(text: string): readonly string[] {
  const { problems } = readDocument({ name: "t.yaml", file: "", bytes: new TextEncoder().encode(text) });
  return problems.map((problem) => formatProblem(problem).replace(/^:/, ""));
}
