import { readFileSync } from "node:fs";
import fc from "fast-check";
import type { Json, JsonObject } from "../record/json.ts";
import type { TrailRecord } from "../record/record.ts";
import { RECORD_KINDS, type RecordKind } from "../record/record_kind.ts";

const GOLDEN: readonly TrailRecord[] = readFileSync(
  new URL("../testdata/golden/records.jsonl", import.meta.url),
  "utf8",
)
  .split("\n")
  .slice(0, -1)
  .map((line) => JSON.parse(line));

/** JSON, with what every object has, and what a terminal or a spreadsheet obeys. */
const json: fc.Arbitrary<Json> = fc.oneof(
  fc.jsonValue() as fc.Arbitrary<Json>,
  fc.constantFrom<Json>(
    "constructor",
    "__proto__",
    "\u001b[2J\u202e",
    "=1+1",
    { toString: 1 },
    [null],
    [[]],
    {},
  ),
);

/** Right, but for one member, or one that lies in it. */
const nearly: fc.Arbitrary<TrailRecord> = fc
  .tuple(fc.constantFrom(...GOLDEN), fc.nat(), fc.nat(), json)
  .map(([record, first, second, value]) => {
    const inside = (holder: Json, places: readonly number[]): Json => {
      const [place, ...rest] = places;
      if (place === undefined || typeof holder !== "object" || holder === null) return value;
      const names = Object.keys(holder);
      const name = names[place % Math.max(1, names.length)];
      if (name === undefined) return value;
      const copy = structuredClone(holder) as Record<string, Json>;
      copy[name] = inside(copy[name] ?? null, rest);
      return copy;
    };
    const places = second % 2 === 0 ? [first] : [first, second, first];
    return { ...record, data: inside(record.data, places) } as TrailRecord;
  });

/** Anything at all. */
const anything: fc.Arbitrary<TrailRecord> = fc
  .tuple(fc.constantFrom<RecordKind>(...RECORD_KINDS), fc.oneof(json, fc.dictionary(fc.string(), json)))
  .map(([kind, data]) => ({ ...(GOLDEN[0] as TrailRecord), kind, data: data as JsonObject }) as TrailRecord);

/** A record of any kind whose data is not looked at: whoever could write the store may have put anything there. */
export const hostileRecord: fc.Arbitrary<TrailRecord> = fc.oneof(nearly, anything);
