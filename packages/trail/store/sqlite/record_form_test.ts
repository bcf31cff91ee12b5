import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { aroundOf, columnsOfJson, packRecord, unpackRecord } from "./_record_form.ts";

const RECORDS: readonly string[] = readFileSync(
  new URL("../../testdata/golden/records.jsonl", import.meta.url),
  "utf8",
)
  .trim()
  .split("\n");

test("unpackRecord() gives the record that packRecord() packed, with its number", () => {
  for (const [index, json] of RECORDS.entries()) {
    const columns = columnsOfJson(json);
    const own = { ...columns, around: aroundOf(columns) };
    const { seq } = JSON.parse(json) as { readonly seq: number };
    const kept = packRecord(json, seq, own);
    assert.ok(typeof kept !== "string", `record ${index} is kept in few bytes`);
    assert.deepEqual(unpackRecord(Buffer.from(kept), own), {
      seq,
      json,
      data: json.slice(json.indexOf('"data":') + 7, json.lastIndexOf(',"kind":')),
    });
    // In another's place it says the same, and keeps its own number.
    assert.equal(packRecord(json, seq + 1, own), json);
  }
});

test("packRecord() keeps as it is what its columns do not give again", () => {
  const [json = ""] = RECORDS;
  const columns = columnsOfJson(json);
  const own = { ...columns, around: aroundOf(columns) };
  const others = [
    json.replace('"kind":', '"kind": '),
    json.replace('"at":"', '"at":"0'),
    `${json} `,
    "",
    "{",
    "[]",
    json.replace('"data":', '"added":1,"data":'),
  ];
  for (const other of others) {
    const said = columnsOfJson(other);
    assert.equal(packRecord(other, 0, own), other);
    assert.equal(packRecord(other, 0, { ...said, around: aroundOf(said) }), other);
  }
  assert.equal(packRecord(json, 0, { ...own, at: null }), json);
});

test("unpackRecord() refuses bytes without a number, or without a time beside them", () => {
  const columns = columnsOfJson(RECORDS[0] ?? "");
  const own = { ...columns, around: aroundOf(columns) };
  for (const bytes of [[], [0], [7, 0, 0, 0, 0, 0, 0, 0, 1, 0x20], [1, 0]])
    assert.throws(() => unpackRecord(Buffer.from(bytes), own), /its number is missing/);
  assert.throws(() => unpackRecord(Buffer.of(1, 0, 1, 0x20), { ...own, at: null }), /its time is missing/);
  assert.throws(() => unpackRecord(Buffer.of(1, 0, 1, 0x20), { ...own, at: 2 ** 50 }), RangeError);
});

test("columnsOfJson() says nothing of what is no record", () => {
  const nothing = columnsOfJson("");
  assert.deepEqual(
    Object.values(nothing).filter((value) => value !== null && value !== false),
    [],
  );
  for (const json of ["{", "null", "5", "[]", '{"at":5,"kind":{},"data":[]}', '{"at":"2026-11-23"}'])
    assert.deepEqual(columnsOfJson(json), nothing);
});
