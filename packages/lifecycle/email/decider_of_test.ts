import assert from "node:assert/strict";
import { test } from "node:test";
import { deciderOf } from "./decider_of.ts";

const POLICY = { approvers: ["lead@acme.example"] };
const ACCOUNT = ["01KJ1NHN8J5Q0V4Y8Z3T6R2W9C", "Acme @ MultiMail", "acme", "operator@acme.example"];

test("deciderOf() knows approvers by canonical address, and other people from the account's names", () => {
  const cases = [
    ["lead@acme.example", "approver"],
    ["Lead <LEAD@Acme.Example>", "approver"],
    ["mallory@evil.example", "other"],
    ["Lead <mallory@evil.example>", "other"],
    ["lead@acme.example.evil.example", "other"],
    ["lead+x@acme.example", "other"],
    ["lead@acme.example, mallory@evil.example", "other"],
    ["mallory@evil.example (lead@acme.example)", "other"],
    ["operator@acme.example", "unknown"],
    ["Operator@ACME.example", "unknown"],
    ["Acme @ MultiMail", "unknown"],
    ["acme", "unknown"],
    ["dashboard", "unknown"],
    ["key 01KJ", "unknown"],
    ["", "unknown"],
    [undefined, "unknown"],
  ] as const;
  for (const [name, want] of cases) assert.equal(deciderOf(name, POLICY, ACCOUNT), want, name);
  assert.equal(deciderOf("operator@acme.example", POLICY, []), "other", "the account is not known");
  const named = { approvers: ["operator@acme.example"] };
  assert.equal(deciderOf("operator@acme.example", named, ACCOUNT), "approver");
});
