import assert from "node:assert/strict";
import { test } from "node:test";
import { placeAt, placeTable, shareTable } from "./place_table.ts";

const at = (line: number, column = 1) => ({ file: "teams/a.yaml", line, column });
const bounds = { file: "teams/_organisation.yaml", line: 2, column: 5 };

test("placeAt() gives the places that the table was made from, and no others", () => {
  const places = new Map([
    ["", at(1)],
    ["hours", at(70_000, 8)],
    ["recipients.deny[0]", at(9, 300)],
  ]);
  const table = placeTable(places, new Map([["oversight", bounds]]));
  for (const copy of [table, shareTable(structuredClone(table))]) {
    for (const [path, where] of places) assert.deepEqual(placeAt(copy, path, "teams/a.yaml"), where);
    assert.deepEqual(placeAt(copy, "oversight", "teams/a.yaml"), bounds);
    assert.equal(placeAt(copy, "recipients", "teams/a.yaml"), undefined);
  }
});

test("placeTable() shares what files of one shape have in common", () => {
  const [first, second, other] = [at(1), at(2), at(3)].map((where) =>
    placeTable(new Map([["", where], ...(where.line < 3 ? [["team", where] as const] : [])])),
  );
  assert.equal(first?.paths, second?.paths);
  assert.notEqual(first?.paths, other?.paths);
  assert.notEqual(first?.numbers, second?.numbers);
});

test("placeTable() takes no other file's list for its own, whatever names hold", () => {
  const shapes = [[], [""], ["a\nb"], ["a", "b"], ["a", "b", ""]];
  const tables = shapes.map((paths) =>
    placeTable(new Map(paths.map((path, index) => [path, at(index + 1)]))),
  );
  for (const [index, paths] of shapes.entries()) {
    const table = tables[index];
    assert.deepEqual(table?.paths, paths);
    for (const path of ["", "a", "b", "a\nb"]) {
      const line = paths.indexOf(path) + 1;
      assert.deepEqual(placeAt(table, path, "teams/a.yaml"), line === 0 ? undefined : at(line), path);
    }
  }
});
