import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { encodeRecord } from "./encode_record.ts";
import type { Json, JsonObject } from "./json.ts";
import type { RawRecord } from "./record.ts";

test("encodeRecord() sorts every member by UTF-16 code units", () => {
  const data = {
    b: { "10": 1, "9": 2 },
    a: ["é", 1e21, -0, 0.1],
    "\u20ac": "\u2028\n",
    "\ud83d\ude00": null,
  };
  assert.equal(
    encodeRecord(recordOf(data)),
    '{"assistant":null,"at":"2026-11-23T10:00:00.000Z","data":{"a":["é",1e+21,0,0.1],"b":{"10":1,"9":2},"€":"\u2028\\n","😀":null},"kind":"intent","policy":null,"receipt":"r","seq":7,"team":"finance"}',
  );
});

test("encodeRecord() replaces half a surrogate pair wherever it stands", () => {
  const data = { a: "x\ud800y", "\udc00": ["\ud83d", "\\ud800", "😀"] };
  const { data: read } = JSON.parse(encodeRecord(recordOf(data))) as RawRecord;
  assert.deepEqual(read, { a: "x\ufffdy", "\ufffd": ["\ufffd", "\\ud800", "😀"] });
});

test("encodeRecord() refuses what JSON cannot say", () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY])
    assert.throws(() => encodeRecord(recordOf({ value })));
  const cycle: { [key: string]: Json } = {};
  cycle.self = cycle;
  assert.throws(() => encodeRecord(recordOf(cycle)));
});

test("encodeRecord() of what it encoded is the same", () => {
  const value = fc.object({
    key: fc.string({ unit: "binary" }),
    values: [fc.string({ unit: "binary" }), fc.double(), fc.boolean(), fc.constant(null)],
  });
  fc.assert(
    fc.property(value, (data) => {
      let json: string;
      try {
        json = encodeRecord(recordOf(data as JsonObject));
      } catch {
        return;
      }
      assert.equal(encodeRecord(JSON.parse(json) as RawRecord), json);
    }),
  );
});

function recordOf(data: JsonObject): RawRecord {
  return {
    seq: 7,
    at: "2026-11-23T10:00:00.000Z",
    kind: "intent",
    team: "finance",
    assistant: null,
    receipt: "r",
    policy: null,
    data,
  };
}
