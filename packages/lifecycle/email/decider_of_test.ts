import assert from "node:assert/strict";
import { test } from "node:test";
import { deciderOf } from "./decider_of.ts";

const where = { file: "teams/a.yaml", line: 1, column: 1 };
const person = (address: string) => ({ address, where });
const policyOf = (address: string) => ({
  approval: { by: [person(address)], needed: 1, reason: "reject", classes: [], where } as const,
});
const POLICY = policyOf("lead@acme.example");
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
  const named = policyOf("operator@acme.example");
  assert.equal(deciderOf("operator@acme.example", named, ACCOUNT), "approver");
});

test("deciderOf() knows those of classes, those to whom it escalates, and delegates", () => {
  const after = { ms: 1, text: "24h", where };
  const policy = {
    approval: {
      ...POLICY.approval,
      escalate: { after, to: [person("head@acme.example")] },
      classes: [{ when: { attachments: true }, needed: 1, by: [person("cfo@acme.example")], where }],
    } as const,
    delegates: [
      {
        ...{ from: person("lead@acme.example"), to: person("deputy@acme.example"), until: "2026-12-31" },
        ...{ endsAt: Number.POSITIVE_INFINITY, reason: "leave", where },
      },
    ],
  };
  for (const name of ["head", "cfo", "deputy"])
    assert.equal(deciderOf(`${name}@acme.example`, policy, []), "approver", name);
  assert.equal(deciderOf("intern@acme.example", policy, []), "other");
});
