import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { TrailRecord } from "./record.ts";
import { summarizeRecord } from "./words.ts";

const GOLDEN = new URL("../testdata/golden/", import.meta.url);

test("summarizeRecord() has the golden words for each kind of record", () => {
  const records = linesOf("records.jsonl").map((line) => JSON.parse(line) as TrailRecord);
  assert.deepEqual(records.map(summarizeRecord), linesOf("words.txt"));
});

test("summarizeRecord() says all of a record of a kind that only a later version knows", () => {
  const [line = ""] = linesOf("records.jsonl");
  const record = { ...JSON.parse(line), kind: "later", data: { a: 1, b: null, c: ["x"] } };
  assert.equal(summarizeRecord(record), 'later 1 ["x"]');
});

function linesOf(name: string): readonly string[] {
  return readFileSync(new URL(name, GOLDEN), "utf8").split("\n").slice(0, -1);
}
