import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Finding } from "../decision/mod.ts";
import { line, required } from "./testing/people.ts";
import { type ShownJudgement, whatGrew } from "./what_grew.ts";

const FLAG: Finding = {
  rule: "first_contact",
  effect: "flag",
  message: "Your team never wrote to this recipient",
  where: line(20),
  about: [0],
};
const ALL = required(1, ["lead"]);

function judged(changes: Partial<ShownJudgement> = {}): ShownJudgement {
  return { requirements: [ALL], findings: [FLAG], ...changes };
}

test("whatGrew() minds no line that moved, no detail that changed, no note, and nobody who may approve besides", () => {
  const after = judged({
    requirements: [required(1, ["lead", "cfo"], { where: line(8) })],
    findings: [
      { ...FLAG, where: line(21), detail: "Receipt rcp_2" },
      { rule: "compose", effect: "note", message: "A footer was added" },
    ],
  });
  assert.deepEqual(whatGrew(judged(), after), []);
});

test("whatGrew() minds nothing that shrank", () => {
  const before = judged({
    requirements: [required(2, ["lead", "cfo"]), required(1, ["cfo"], { class: "attachments" })],
  });
  assert.deepEqual(whatGrew(before, judged({ findings: [] })), []);
});

test("whatGrew() tells what is required now", () => {
  const iban = required(2, ["cfo", "coo"], { class: "content: iban" });
  assert.deepEqual(whatGrew(judged(), judged({ requirements: [required(2, ["lead", "cfo"]), iban] })), [
    "2 people must approve of all email now, 1 before (teams/a.yaml:3:1)",
    "Approval is required of this (content: iban) now (teams/a.yaml:3:1)",
  ]);
});

test("whatGrew() tells what is flagged now: a rule, a recipient, a kind of content, the same once more", () => {
  const iban = {
    ...FLAG,
    rule: "content.flag",
    message: "The body seems to hold …",
    detail: "Found iban in body line 1",
  };
  for (const findings of [[FLAG, iban], [{ ...FLAG, about: [0, 1] }], [FLAG, FLAG]])
    assert.equal(whatGrew(judged(), judged({ findings })).length, 1);
  const falcon = { ...iban, detail: "Found codename in body line 1" };
  assert.deepEqual(whatGrew(judged({ findings: [iban] }), judged({ findings: [falcon] })), [
    "content.flag: The body seems to hold … (teams/a.yaml:20:1)",
  ]);
});

test("whatGrew() finds that nothing grew in whatever is judged twice, or with less", () => {
  const requirement = fc
    .tuple(fc.integer({ min: 1, max: 3 }), fc.constantFrom(undefined, "attachments", "content: iban"))
    .map(([needed, name]) => required(needed, ["lead"], name === undefined ? {} : { class: name }));
  const finding = fc
    .record({
      rule: fc.constantFrom("overlap", "content.flag"),
      detail: fc.constantFrom("a", "b"),
      about: fc.subarray([0, 1]),
    })
    .map((changes): Finding => ({ ...FLAG, ...changes }));
  fc.assert(
    fc.property(fc.array(requirement), fc.array(finding), fc.nat(), (requirements, findings, n) => {
      const all = { requirements, findings };
      const less = {
        requirements: requirements.filter((_, index) => index !== n % requirements.length),
        findings: findings.filter((_, index) => index !== n % findings.length),
      };
      assert.deepEqual(
        whatGrew(all, { requirements: requirements.toReversed(), findings: findings.toReversed() }),
        [],
      );
      assert.deepEqual(whatGrew(all, less), []);
      // One of two of a kind is missing: then the other one may want less than before, too.
      assert.equal(whatGrew(less, all).length > 0, requirements.length + findings.length > 0);
    }),
  );
});
