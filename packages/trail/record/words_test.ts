import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { hostileRecord } from "../testing/hostile_record.ts";
import { isReadable } from "./is_readable.ts";
import { namedCommitments } from "./named_commitments.ts";
import { personOf } from "./person_of.ts";
import type { TrailRecord } from "./record.ts";
import { shownOf, summarizeRecord } from "./words.ts";

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

test("summarizeRecord() and shownOf() tell something of whatever lies in a record of any kind, and never throw", () => {
  fc.assert(
    fc.property(hostileRecord, (record) => {
      const words: unknown = summarizeRecord(record);
      assert.ok(typeof words === "string" && words !== "");
      const {
        facts,
        reasons = [],
        body = "",
      } = shownOf(record, { values: new Map(), lineAt: () => undefined });
      for (const text of [...facts.flat(), ...reasons.flat(), body] as readonly unknown[])
        assert.equal(typeof text, "string");
    }),
    { numRuns: 3_000 },
  );
});

test("namedCommitments() and personOf() name nothing in what is no record's data", () => {
  fc.assert(
    fc.property(hostileRecord, ({ kind, data }) => {
      for (const { commitment } of namedCommitments(kind, data)) assert.match(commitment, /^[\da-f]{64}$/);
      assert.match(personOf({ kind, data }) ?? "0".repeat(64), /^[\da-f]{64}$/);
    }),
  );
});

test("summarizeRecord() names a record that is unreadable, and shownOf() shows what is in it", () => {
  const [line = ""] = linesOf("records.jsonl").filter((one) => one.includes('"kind":"intent"'));
  const record = JSON.parse(line);
  const broken = { ...record, data: { action: "send", findings: 7, note: null } } as TrailRecord;
  assert.ok(isReadable(record) && !isReadable(broken));
  assert.equal(summarizeRecord(broken), "UNREADABLE intent send 7");
  const { facts } = shownOf(broken, { values: new Map(), lineAt: () => undefined });
  assert.deepEqual(
    facts.map(([name]) => name),
    ["UNREADABLE", "action", "findings"],
  );
  const nothing = { ...record, data: null } as unknown as TrailRecord;
  assert.equal(summarizeRecord(nothing), "UNREADABLE intent");
});

test("isReadable() takes every golden record", () => {
  for (const line of linesOf("records.jsonl")) assert.ok(isReadable(JSON.parse(line)), line);
});
