import assert from "node:assert/strict";
import { test } from "node:test";
import { newReceipt } from "./new_receipt.ts";

test("newReceipt() gives ULIDs that differ in every place, far beyond its pool of randomness", () => {
  const receipts = Array.from({ length: 5_000 }, newReceipt);
  for (const receipt of receipts) assert.match(receipt, /^rcp_[0-9A-HJKMNP-TV-Z]{26}$/);
  const random = receipts.map((receipt) => receipt.slice("rcp_".length + 10));
  assert.equal(new Set(random).size, random.length);
  for (let place = 0; place < 16; place++) {
    const letters = new Set(random.map((text) => text[place]));
    assert.equal(letters.size, 32, `place ${place}`);
  }
});
