import assert from "node:assert/strict";
import { test } from "node:test";
import { type JsonResult, readJson } from "./read_json.ts";

const read = (text: string | Uint8Array): Promise<JsonResult> => readJson(Buffer.from(text));

async function fieldsOf(text: string | Uint8Array): Promise<readonly string[]> {
  const result = await read(text);
  assert.ok(result.ok);
  return result.problems.map(({ field }) => field);
}

test("readJson() reads what JSON.parse() reads", async () => {
  for (const text of [
    '{"a":[1,"b",null,{"c":-0.5e3}]}',
    '"\\ud83c\\udf89 \\\\ud83c"',
    "[]",
    " 1 ",
    '{"é🎉":"é🎉"}',
  ]) {
    assert.deepEqual(await read(text), { ok: true, value: JSON.parse(text), problems: [] }, text);
  }
  for (const text of ["", "{", "[1,]", '{"a"', "nul", '"\\u12"', "01"])
    assert.equal((await read(text)).ok, false, text);
  assert.equal((await read(Uint8Array.of(0x22, 0xff, 0x22))).ok, false);
});

test("readJson() names the field that holds half a surrogate pair, however it is written", async () => {
  const cases: readonly [text: string | Uint8Array, field: string][] = [
    ['{"subject":"Great news \\ud83c"}', "subject"],
    ['{"subject":"\\uDF89"}', "subject"],
    ['{"a":{"b":["x","\\udf89\\ud83c"]}}', "a.b.1"],
    ['[{"a":1},{"a":"\\ud83cx"}]', "1.a"],
    ['{"a":"\\ud83c\\n\\udf89"}', "a"],
    ['"\\ud83c"', ""],
    ['{"\\ud83c":1}', "(a field whose name has 1 characters)"],
    [Buffer.concat([Buffer.from('{"to":"'), Uint8Array.of(0xed, 0xa0, 0xbc), Buffer.from('"}')]), "to"],
  ];
  for (const [text, field] of cases) assert.deepEqual(await fieldsOf(text), [field], String(text));
});

test("readJson() names the figure that a number cannot hold", async () => {
  const lost = [
    "12345678901234567890",
    "9007199254740993",
    "-9007199254740993",
    "0.12345678901234567890",
    "1e400",
    "1e-400",
  ];
  for (const figure of [...lost, "1.0000000000000000001", "123456789012345678e-2"]) {
    assert.deepEqual(
      await fieldsOf(`{"report":{"metrics":{"Signups":${figure}}}}`),
      ["report.metrics.Signups"],
      figure,
    );
  }
  const kept = [
    "9007199254740992",
    "0.1",
    "1.10",
    "1e3",
    "1E+2",
    "-0",
    "0.30000000000000004",
    "1e-7",
    "5e-324",
    "1.7976931348623157e308",
  ];
  for (const figure of kept) assert.deepEqual(await fieldsOf(`[${figure}]`), [], figure);
});

test("readJson() refuses depth, numbers of values and endless figures before it parses", async () => {
  const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
  assert.equal((await read(nested(32))).ok, true);
  assert.match(JSON.stringify(await read(nested(33))), /nested deeper than 32/);
  assert.match(JSON.stringify(await read("[".repeat(7_000_000))), /nested deeper than 32/);
  const keys = Array.from({ length: 1_000_000 }, (_, index) => `"k${index}":1`);
  assert.match(JSON.stringify(await read(`{${keys}}`)), /more than 10000 fields/);
  assert.match(JSON.stringify(await read(`[${"1,".repeat(1_000_000)}1]`)), /more than 10000 fields/);
  assert.match(JSON.stringify(await read("1".repeat(1_000_000))), /longer than 400 characters/);
});

test("readJson() gives way to others within a large text", async () => {
  let turns = 0;
  const text = JSON.stringify({ a: `é\ud83c"${"x".repeat(5_000_000)}🎉`, b: "\\" });
  const result = await readJson(Buffer.from(text), async () => void turns++);
  assert.deepEqual(result.ok && result.problems, [
    { field: "a", message: "The text holds half a character (a lone surrogate); send whole ones" },
  ]);
  assert.ok(turns >= 8, `${turns}`);
});
