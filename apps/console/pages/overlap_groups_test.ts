import assert from "node:assert/strict";
import { test } from "node:test";
import type { WaitingEmail } from "../waiting/waiting_emails.ts";
import { groupOverlapping } from "./overlap_groups.ts";

/** An email that overlaps with others. */
function email(receipt: string, ...overlaps: readonly string[]): WaitingEmail {
  return { receipt, overlaps } as unknown as WaitingEmail;
}

test("groupOverlapping() puts what belongs together where its oldest is, whoever names whom, and loses nothing", () => {
  const emails = [email("a"), email("b", "gone"), email("c", "a"), email("d"), email("e", "c", "d")];
  const { emails: inOrder, groups } = groupOverlapping(emails);
  assert.deepEqual(
    inOrder.map(({ receipt }) => receipt),
    ["a", "c", "d", "e", "b"],
  );
  assert.deepEqual(
    groups.get("c")?.map(({ receipt }) => receipt),
    ["a", "c", "d", "e"],
  );
  assert.equal(groups.get("c"), groups.get("e"));
  assert.equal(groups.get("b"), undefined);
});

test("groupOverlapping() bears thousands that all say the same, and has one list for all of them", () => {
  const many = Array.from({ length: 20_000 }, (_, n) => email(`r${n}`, `r${n === 0 ? 19_999 : n - 1}`));
  const { emails: inOrder, groups } = groupOverlapping(many);
  assert.deepEqual(inOrder, many);
  assert.equal(new Set(groups.values()).size, 1);
});
