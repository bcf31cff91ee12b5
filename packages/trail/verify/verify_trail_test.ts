import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { encodeRecord } from "../record/encode_record.ts";
import { seal } from "../record/sealed.ts";
import type { TrailPage, TrailRow } from "../store/trail_source.ts";
import { hostileRecord } from "../testing/hostile_record.ts";
import { coveringHashes, Frontier, leafHash } from "../tree/mod.ts";
import { MemoryTree } from "../tree/testing/memory_tree.ts";
import { verifyTrail } from "./verify_trail.ts";

const BLANK = {
  at: "2026-11-23T12:00:00.000Z",
  kind: "lifecycle",
  team: "finance",
  assistant: null,
  receipt: null,
  policy: null,
} as const;

test("verifyTrail() verifies records alone, as an export has them", async () => {
  const rows = rowsOf(300);
  const checkpoints = { count: 0, size: 0, keys: [], witnesses: [] };
  assert.deepEqual(await verify(rows), {
    ...{ ok: true, shown: 300, withheld: 0, size: 300, root: rootOver(rows), checkpoints },
  });
  const result = await verify(rows.with(299, rowOf(299, "other")), rootOver(rows));
  assert.deepEqual(result, {
    ...{ ok: false, shown: 300, withheld: 0 },
    problems: [{ seq: null, what: "rewritten", message: "The records do not hash to the head's root" }],
  });
});

test("verifyTrail() looks over the edge of a page", async (t) => {
  const rows = rowsOf(20);
  const swapped = rows.with(9, rowOf(10, "x", 9)).with(10, rowOf(9, "x", 10));
  const removed = rows.slice(0, 9).concat(
    rowsOf(20)
      .slice(10)
      .map((row, index) => ({ ...row, seq: 9 + index })),
  );
  const cases = { reordered: swapped, removed } as const;
  for (const [what, tampered] of Object.entries(cases)) {
    for (let cut = 8; cut < 13; cut++) {
      await t.test(`${what}, pages cut at ${cut}`, async () => {
        const result = await verify(tampered, rootOver(rows), cut);
        assert.ok(!result.ok);
        assert.deepEqual([result.problems[0]?.seq, result.problems[0]?.what], [9, what]);
        assert.equal(result.problems.length, what === "reordered" ? 2 : 1);
      });
    }
  }
});

test("verifyTrail() ends on hostile records", async (t) => {
  const good = rowOf(0, "x").json ?? "";
  const hostile = [
    "",
    "null",
    "[]",
    "{}",
    `${"[".repeat(100_000)}${"]".repeat(100_000)}`,
    good.replace('"seq":0', '"seq":1e400'),
    good.replace('"seq":0', '"seq":-1'),
    good.replace('"seq":0', '"seq":"0"'),
    good.replace('"data":{"receipt":"x"}', '"data":[]'),
    good.replace('"data":{"receipt":"x"}', '"data":{"b":1,"a":2}'),
    good.replace('"data":{"receipt":"x"}', '"data":{"a":"\\ud800"}'),
    good.replace('"data":{"receipt":"x"}', '"data":{"a":1.0}'),
    good.replace('"data":{"receipt":"x"}', '"data":{"__proto__":1,"__proto__":2}'),
    good.replace("2026-11-23", "2026-11-3"),
    ...["2026-11-31", "2026-02-29", "2026-13-01", "2026-00-01", "2026-01-00"].map((day) =>
      good.replace("2026-11-23", day),
    ),
    ...["T24:00:00", "T12:60:00", "T12:00:60"].map((time) => good.replace("T12:00:00", time)),
    good.replace('"data":{"receipt":"x"}', `"data":{"a":${"[".repeat(64)}${"]".repeat(64)}}`),
    good.replace('"data":{"receipt":"x"}', `"data":{"a":"${"é".repeat(600_000)}"}`),
  ];
  for (const [index, json] of hostile.entries()) {
    await t.test(`${index}: ${json.slice(0, 40)}`, async () => {
      const result = await verify([{ seq: 0, json, leaf: leafHash(json) }]);
      assert.ok(!result.ok);
      assert.deepEqual([result.problems[0]?.seq, result.problems[0]?.what], [0, "changed"]);
    });
  }
});

test("verifyTrail() says which record holds what it did not, whatever that is", async () => {
  await fc.assert(
    fc.asyncProperty(hostileRecord, async ({ kind, data }) => {
      const json = encodeRecord({ ...BLANK, kind, seq: 1, data });
      const rows = rowsOf(3);
      const result = await verify(rows.with(1, { seq: 1, json, leaf: leafHash("another") }), rootOver(rows));
      assert.ok(!result.ok);
      assert.deepEqual([result.problems[0]?.seq, result.problems[0]?.what], [1, "changed"]);
    }),
  );
});

test("verifyTrail() takes members that an engine does not keep in order", async () => {
  const json = encodeRecord({
    ...{
      seq: 0,
      at: "2026-11-23T12:00:00.000Z",
      kind: "refused",
      team: null,
      assistant: null,
      receipt: null,
    },
    ...{ policy: null, data: { "9": 1, "10": 2, a: { __proto__x: 1 }, é: [], z: {} } },
  });
  assert.ok(json.includes('{"10":2,"9":1,"a"'));
  assert.ok((await verify([{ seq: 0, json, leaf: leafHash(json) }])).ok);
});

test("verifyTrail() verifies every stretch of a trail, with records withheld", async () => {
  const rows = rowsOf(23);
  const head = { size: rows.length, root: rootOver(rows) };
  const tree = new MemoryTree(rows.map(({ json }) => Buffer.from(json ?? "")));
  for (let from = 0; from <= rows.length; from++) {
    for (let to = from; to <= rows.length; to++) {
      const [left, right] = [
        await coveringHashes(0, from, tree),
        await coveringHashes(to, rows.length, tree),
      ];
      const shown = rows.slice(from, to).map((row) => (row.seq % 3 === 0 ? { ...row, json: null } : row));
      const verifyStretch = (page: Partial<TrailPage>) =>
        verifyTrail({
          stretch: { from, to, left, right },
          async *pages() {
            yield { head, rows: shown, end: {}, ...page };
          },
        });
      assert.ok((await verifyStretch({})).ok, `[${from}, ${to})`);
      const others = [
        { head: { ...head, root: rootOver(rows.slice(1)) } },
        ...(to > from ? [{ rows: shown.slice(1) }, { rows: shown.slice(0, -1) }] : []),
        { rows: [...shown, { ...rowOf(to, "x"), json: null }] },
      ];
      for (const other of others) assert.ok(!(await verifyStretch(other)).ok, `[${from}, ${to})`);
    }
  }
});

test("verifyTrail() tells what a source found itself", async () => {
  const problem = { seq: 1, what: "changed", message: "Line 7 is no JSON" } as const;
  const rows = rowsOf(2);
  const page = { head: { size: 2, root: rootOver(rows) }, rows, end: {}, problems: [problem] };
  const result = await verifyTrail({
    async *pages() {
      yield page;
    },
  });
  assert.deepEqual(result, { ok: false, shown: 2, withheld: 0, problems: [problem] });
});

test("verifyTrail() refuses a source without a page", async () => {
  await assert.rejects(verifyTrail({ async *pages() {} }), TypeError);
});

test("verifyTrail() compares a checkpoint with its tree also when it comes 70,000 records later", async () => {
  const rows = rowsOf(70_000);
  const withCheckpoint = (root: Uint8Array) => {
    const data = { origin: "x", size: 500, root: Buffer.from(root).toString("hex"), key: "x", note: "" };
    const json = encodeRecord({ ...BLANK, kind: "checkpoint", seq: rows.length, data });
    return [...rows, { seq: rows.length, json, leaf: leafHash(json) }];
  };
  // Without its note, as an export may have it.
  assert.ok((await verify(withCheckpoint(rootOver(rows.slice(0, 500))))).ok);
  const wrong = await verify(withCheckpoint(rootOver(rows.slice(0, 499))));
  assert.deepEqual(wrong.ok || wrong.problems.map(({ seq, what }) => [seq, what]), [[0, "rewritten"]]);
});

test("verifyTrail() judges no value by an erasure that came after its page was read ahead", async () => {
  const values = ["one", "two"].map((text) => seal(text, "body"));
  const commitments = values.map(({ commitment }) => commitment);
  const erasure = { because: "person", by: null, reason: null, commitments, below: null };
  const below = { ...erasure, commitments: [], below: { seq: 2, kinds: ["body"] } };
  for (const data of [erasure, below]) {
    const records = [
      ...commitments.map((body) => ({ kind: "intent" as const, data: { body } })),
      { kind: "erasure" as const, data },
    ];
    const rows = records.map((record, seq) => {
      const json = encodeRecord({ ...BLANK, ...record, seq });
      return { seq, json, leaf: leafHash(json) };
    });
    const sealed = values.map((value, seq) => ({ ...value, seq }));
    const headOf = (size: number) => ({ size, root: rootOver(rows.slice(0, size)) });
    const verifyPages = (second: { readonly size: number }) => {
      let isErased = false;
      return verifyTrail({
        // What the second page holds was read before the erasure, of which the first page's missing value tells.
        async *pages() {
          isErased = true;
          yield { head: headOf(3), rows: rows.slice(0, 1), sealed: [] };
          yield { head: headOf(second.size), rows: rows.slice(1, 2), sealed: sealed.slice(1) };
          yield { head: headOf(3), rows: rows.slice(2), sealed: [], end: {} };
        },
        async *records({ fromSeq }) {
          if (!isErased || fromSeq > 2) return;
          const json = rows[2]?.json ?? "";
          yield { record: JSON.parse(json), json };
        },
      });
    };
    assert.ok((await verifyPages({ size: 2 })).ok);
    const again = await verifyPages({ size: 3 });
    assert.deepEqual(again.ok || again.problems.map(({ message }) => message), [
      "The body beside record 1 was erased, and is there again",
    ]);
  }
});

function verify(rows: readonly TrailRow[], root = rootOver(rows), cut = 100): ReturnType<typeof verifyTrail> {
  const head = { size: rows.length, root };
  async function* pages(): AsyncGenerator<TrailPage> {
    yield { head, rows: rows.slice(0, cut) };
    yield { head, rows: rows.slice(cut), end: {} };
  }
  return verifyTrail({ pages });
}

function rowsOf(count: number): TrailRow[] {
  return Array.from({ length: count }, (_, seq) => rowOf(seq, `r${seq}`));
}

/** A record that says that it is `seq`, and lies at `place`. */
function rowOf(seq: number, receipt: string, place: number = seq): TrailRow {
  const json = encodeRecord({ ...BLANK, seq, data: { receipt } });
  return { seq: place, json, leaf: leafHash(json) };
}

function rootOver(rows: readonly TrailRow[]): Uint8Array {
  const frontier = new Frontier();
  for (const { leaf } of rows) frontier.append(leaf);
  return frontier.root();
}
