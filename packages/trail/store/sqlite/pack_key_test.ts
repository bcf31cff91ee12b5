import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { packKey, unpackKey } from "./pack_key.ts";

const RUNS = 300;
const RECEIPT = "rcp_01M8GMSJ6QCJHAWNM7BM2Q1ZYD";
const HASH = "0123456789abcdef".repeat(4);

test("unpackKey() gives the name that packKey() packed", () => {
  const receipt = fc.ulid().map((id) => `rcp_${id}`);
  const hash = fc
    .uint8Array({ minLength: 32, maxLength: 32 })
    .map((bytes) => Buffer.from(bytes).toString("hex"));
  const before = fc.oneof(
    fc.constantFrom("", "content:", "once:sent of ", "\u0001", "\ud83c", "é"),
    fc.string({ unit: "binary" }),
  );
  const name = fc.oneof(
    fc.tuple(before, fc.oneof(receipt, hash)).map(([first, last]) => first + last),
    fc.string(),
  );
  fc.assert(
    fc.property(name, name, (one, other) => {
      assert.equal(unpackKey(packKey(one)), one);
      if (one !== other) assert.notDeepEqual(packKey(one), packKey(other));
    }),
    { numRuns: RUNS },
  );
});

test("packKey() keeps receipts and hashes in half of their bytes, in their order", () => {
  assert.equal(hexOf(RECEIPT), "0101a2214cc8d764a2ae56875d0570ffcd");
  // Places of what comes before never change: they are on disk.
  assert.equal(hexOf(`content:${HASH}`), `02${HASH}01`);
  assert.equal(hexOf(`once:no_news of ${RECEIPT}`).slice(-2), "0d");
  assert.equal(packKey(RECEIPT).length, 17);
  assert.equal(packKey(`once:left readback of ${RECEIPT}`).length, 18);
  assert.equal(packKey(HASH).length, 33);
  assert.equal(packKey(`content:${HASH}`).length, 34);
  const receipts = ["00000000000000000000000000", "01M8GMSJ6QCJHAWNM7BM2Q1ZYD", "7ZZZZZZZZZZZZZZZZZZZZZZZZZ"];
  const kept = receipts.map((id) => Buffer.from(packKey(`rcp_${id}`)));
  assert.deepEqual(kept.toSorted(Buffer.compare), kept);
});

test("packKey() leaves any other name as it is", () => {
  for (const name of [
    "",
    "r1",
    "rcp_8ZZZZZZZZZZZZZZZZZZZZZZZZZ",
    "rcp_01m8gmsj6qcjhawnm7bm2q1zyd",
    HASH.slice(1),
    HASH.toUpperCase(),
  ])
    assert.equal(packKey(name), name);
});

test("unpackKey() refuses what packKey() does not make", () => {
  for (const bytes of [
    [],
    [1],
    [3, ...Buffer.alloc(40)],
    [1, ...Buffer.alloc(16), 31],
    [2, ...Buffer.alloc(31)],
  ])
    assert.throws(() => unpackKey(Uint8Array.from(bytes)), /^Error: it is no name$/);
});

function hexOf(name: string): string {
  return Buffer.from(packKey(name)).toString("hex");
}
