import assert from "node:assert/strict";
import { test } from "node:test";
import { formatProblem, formatWhere, type Where, whereOf } from "./mod.ts";
import { placeTable } from "./place_table.ts";

const place = (line: number): Where => ({ file: "teams/a.yaml", line, column: 1 });

test("whereOf() finds the place of a path, or of the nearest map or list around it", async (t) => {
  const places = placeTable(
    new Map([
      ["", place(1)],
      ["recipients", place(5)],
      ["recipients.deny", place(6)],
      ["recipients.deny[0]", place(7)],
      ["rules.recipients.allow", place(9)],
    ]),
  );
  const cases: Readonly<Record<string, number>> = {
    "recipients.deny[0]": 7,
    "recipients.deny[1]": 6,
    "recipients.deny[0].x": 7,
    "recipients.external": 5,
    "rules.recipients.allow": 9,
    "rules.hours": 1,
    oversight: 1,
    "": 1,
  };
  for (const [path, line] of Object.entries(cases)) {
    await t.test(path, () =>
      assert.equal(whereOf({ source: { file: "teams/a.yaml", hash: "", places } }, path).line, line),
    );
  }
});

test("whereOf() falls back to the file's first line", () => {
  const source = { file: "teams/a.yaml", hash: "", places: placeTable(new Map()) };
  assert.equal(formatWhere(whereOf({ source }, "recipients.deny[0]")), "teams/a.yaml:1:1");
});

test("formatProblem() shows the place, the message and the path in one line", () => {
  const problem = {
    where: place(14),
    path: "recipient",
    message: 'Unknown key "recipient": did you mean "recipients"?',
  };
  assert.equal(
    formatProblem(problem),
    'teams/a.yaml:14:1: Unknown key "recipient": did you mean "recipients"? (recipient)',
  );
  assert.equal(
    formatProblem({ ...problem, path: "", message: "File is empty" }),
    "teams/a.yaml:14:1: File is empty",
  );
});

test("formatProblem() lets no control character through to a terminal", () => {
  assert.equal(
    formatProblem({ where: place(1), path: "a\nb", message: "\u001b[31mred\u009b" }),
    "teams/a.yaml:1:1: ?[31mred? (a?b)",
  );
});
