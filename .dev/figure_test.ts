import assert from "node:assert/strict";
import { test } from "node:test";
import { figureTable, isReached, readFigure } from "./figure.ts";

const APPEND = { what: "durable appends", value: 12_345.6, unit: "/s" };

test("readFigure() takes a figure with and without a ratio and an aim", () => {
  for (const figure of [APPEND, { ...APPEND, ratio: 0.4123, to: "bare inserts", aim: ">= 0.4" }]) {
    assert.equal(readFigure(figure), figure);
  }
});

test("readFigure() refuses what is no figure", () => {
  const wrong = [
    undefined,
    "12 ms",
    { ...APPEND, value: Number.NaN },
    { ...APPEND, unit: undefined },
    { ...APPEND, ratio: 1 },
    { ...APPEND, to: "bare inserts" },
    { ...APPEND, aim: "fast" },
  ];
  for (const message of wrong) assert.throws(() => readFigure(message), TypeError);
});

test("isReached() compares the aim with the ratio, or without one with the value", () => {
  const compared = { ...APPEND, ratio: 0.4, to: "bare inserts" };
  assert.equal(isReached({ ...compared, aim: ">= 0.4" }), true);
  assert.equal(isReached({ ...compared, aim: ">= 0.41" }), false);
  assert.equal(isReached({ ...APPEND, aim: "<= 20000" }), true);
  assert.equal(isReached({ ...APPEND, aim: "<= 10" }), false);
  assert.equal(isReached(APPEND), undefined);
});

test("figureTable() has a line for each figure, and says which missed its aim", () => {
  const table = figureTable([
    { part: "append", ...APPEND, ratio: 0.4123, to: "bare inserts", aim: ">= 0.4" },
    { part: "start", what: "ready", value: 9.61, unit: "s", aim: "<= 5" },
  ]);
  assert.deepEqual(table.split("\n"), [
    "part    what             measured  ratio                 aim",
    "append  durable appends  12,346/s  0.412 × bare inserts  >= 0.4",
    "start   ready            9.61 s                          <= 5 MISSED",
  ]);
});
