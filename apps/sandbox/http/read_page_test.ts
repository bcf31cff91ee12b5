import assert from "node:assert/strict";
import { test } from "node:test";
import { readPage } from "./read_page.ts";

const list = Array.from({ length: 9 }, (_, i) => ({ id: `0${i + 1}` }));
const idsOf = (items: readonly { readonly id: string }[]) => items.map(({ id }) => id).join(" ");

test("readPage() walks a list from new to old, each item once", () => {
  const first = readPage(list, { limit: 4 });
  const second = readPage(list, { limit: 4, cursor: first.cursor ?? "" });
  const third = readPage(list, { limit: 4, cursor: second.cursor ?? "" });
  assert.deepEqual(
    [first, second, third].map(({ items }) => idsOf(items)),
    ["09 08 07 06", "05 04 03 02", "01"],
  );
  assert.equal(third.cursor, null);
});

test("readPage() ends without a cursor when the last page is full", () => {
  assert.equal(readPage(list, { limit: 9 }).cursor, null);
  assert.equal(readPage(list, { limit: 3, sinceId: "06" }).cursor, null);
});

test("readPage() stops at since_id, known or not", () => {
  assert.equal(idsOf(readPage(list, { limit: 20, sinceId: "07" }).items), "09 08");
  assert.equal(idsOf(readPage(list, { limit: 20, sinceId: "07x" }).items), "09 08");
  assert.equal(idsOf(readPage(list, { limit: 20, sinceId: "zz" }).items), "");
});

test("readPage() takes a cursor that it never gave", () => {
  assert.equal(idsOf(readPage(list, { limit: 20, cursor: "" }).items), "");
  assert.equal(idsOf(readPage(list, { limit: 2, cursor: "zz" }).items), "09 08");
  assert.equal(idsOf(readPage(list, { limit: 2, cursor: "03x" }).items), "03 02");
});

test("readPage() counts only what the filter keeps", () => {
  const filter = ({ id }: { readonly id: string }) => Number(id) % 2 === 0;
  const page = readPage(list, { limit: 2, filter });
  assert.equal(idsOf(page.items), "08 06");
  assert.equal(page.cursor, "06");
});
