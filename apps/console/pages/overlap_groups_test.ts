import assert from "node:assert/strict";
import { test } from "node:test";
import type { WaitingEmail } from "../waiting/waiting_emails.ts";
import { groupOverlapping, overlapsOf } from "./overlap_groups.ts";

/** An email that overlaps with others, as the rule's findings say. */
function email(receipt: string, ...details: readonly string[]): WaitingEmail {
  const findings = details.map((detail) => ({
    ...{ rule: "overlap", effect: "flag", message: "", detail, where: null, about: [] },
  }));
  return { receipt, data: { findings } } as unknown as WaitingEmail;
}

test("overlapsOf() reads the receipts that the rule names, of the same team and of another", () => {
  const { data } = email("x", "Receipt rcp_1, similarity 0.91 of 0.8", "Receipt rcp_2 of team sales", "none");
  assert.deepEqual(overlapsOf(data), ["rcp_1", "rcp_2"]);
});

test("groupOverlapping() puts what belongs together where its oldest is, whoever names whom, and loses nothing", () => {
  const emails = [
    email("a"),
    email("b", "Receipt gone of team x"),
    email("c", "Receipt a of team x"),
    email("d"),
    email("e", "Receipt c of team x", "Receipt d of team x"),
  ];
  const { emails: inOrder, others } = groupOverlapping(emails);
  assert.deepEqual(
    inOrder.map(({ receipt }) => receipt),
    ["a", "c", "d", "e", "b"],
  );
  assert.deepEqual(others.get("c"), ["a", "d", "e"]);
  assert.equal(others.get("b"), undefined);
});
