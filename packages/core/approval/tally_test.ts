import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { ApprovalRequirement } from "../decision/mod.ts";
import type { Delegation } from "../policy/mod.ts";
import type { GivenDecision } from "./given_decision.ts";
import { type TallyOptions, tally } from "./tally.ts";
import { addressOf, delegation, given, line, named, person, required } from "./testing/people.ts";

const NOW = 1_000;

function count(
  requirements: readonly ApprovalRequirement[],
  decisions: readonly GivenDecision[],
  options: Partial<TallyOptions> = {},
) {
  const {
    complete,
    requirements: counted,
    uncounted,
  } = tally(requirements, decisions, {
    ...{ delegates: [], now: NOW },
    ...options,
  });
  return { complete, missing: counted.map(({ missing }) => missing), why: uncounted.map(({ why }) => why) };
}

test("tally() is complete when every requirement has as many different people as it wants", () => {
  const both = [required(1, ["lead", "cfo"]), required(2, ["cfo", "coo"], { class: "content: iban" })];
  assert.deepEqual(count(both, [given("lead", 1)]).missing, [0, 2]);
  // One approval counts for each requirement of which its giver is one.
  assert.deepEqual(count(both, [given("cfo", 1)]).missing, [0, 1]);
  assert.deepEqual(count(both, [given("cfo", 1), given("coo", 2)]), {
    ...{ complete: true, missing: [0, 0], why: [] },
  });
  assert.equal(count(both, [given("lead", 1), given("coo", 2)]).complete, false);
});

test("tally() ends with one rejection, or one wish for changes, whoever approved", () => {
  for (const verdict of ["reject", "changes"] as const) {
    const end = given("coo", 2, verdict);
    const { complete, ended } = tally(
      [required(1, ["lead"])],
      [given("lead", 1), end, given("cfo", 3, "reject")],
      {
        ...{ delegates: [], now: NOW },
      },
    );
    assert.equal(complete, false);
    assert.equal(ended, end);
  }
});

test("tally() counts nobody twice: not by two sign-ins, two addresses of one account, two accounts of one address, a plus-tag", () => {
  const two = [required(2, ["lead", "lead+x", "alias"])];
  for (const second of [
    person("lead"),
    person("alias", { subject: "sub-lead" }),
    person("lead", { subject: "another", issuer: "https://other.example" }),
    person("lead+x"),
  ])
    assert.deepEqual(count(two, [given("lead", 1), given(second, 2)]).missing, [1], second.address);
  assert.deepEqual(count(two, [given("lead", 1), given("alias", 2)]).missing, [0]);
  // The same subject elsewhere is somebody else.
  const elsewhere = person("alias", { subject: "sub-lead", issuer: "https://other.example" });
  assert.deepEqual(count(two, [given("lead", 1), given(elsewhere, 2)]).missing, [0]);
});

test("tally() takes a delegate and whom they stand in for as one, in whose place they approved", () => {
  const delegates = [delegation("lead", "deputy")];
  const one = [required(1, ["lead", "cfo"])];
  assert.deepEqual(count(one, [given("deputy", 1)], { delegates }).missing, [0]);
  assert.deepEqual(
    tally(one, [given("deputy", 1)], { delegates, now: NOW }).requirements[0]?.counted.map(({ as }) => as),
    [addressOf("lead")],
  );
  const two = [required(2, ["lead", "cfo", "deputy"])];
  assert.deepEqual(count(two, [given("deputy", 1), given("lead", 2)], { delegates }).missing, [1]);
  assert.deepEqual(count(two, [given("deputy", 1), given("cfo", 2)], { delegates }).missing, [0]);
  // A delegate of a delegate as well.
  const chain = [...delegates, delegation("deputy", "other")];
  assert.deepEqual(count(two, [given("other", 1), given("lead", 2)], { delegates: chain }).missing, [1]);
});

test("tally() goes by who stood in for whom when somebody approved, and is not fooled when that ends", () => {
  const delegates = [delegation("lead", "deputy", 100)];
  const two = [required(2, ["lead", "cfo"])];
  assert.deepEqual(count(two, [given("deputy", 99)], { delegates }).missing, [1]);
  assert.deepEqual(count(two, [given("deputy", 100)], { delegates }), {
    ...{ complete: false, missing: [2] },
    why: ["The policy names them no more among those who may approve"],
  });
  const both = [required(2, ["lead", "deputy"])];
  assert.deepEqual(count(both, [given("deputy", 99), given("lead", 500)], { delegates }).missing, [1]);
  assert.deepEqual(count(both, [given("deputy", 100), given("lead", 500)], { delegates }).missing, [0]);
});

test("tally() counts nothing of whom an assistant wrote the email for, nor of their delegate", () => {
  const one = [required(1, ["lead", "cfo", "deputy"])];
  const delegates = [delegation("lead", "deputy")];
  for (const writtenFor of [
    { address: addressOf("lead") },
    { address: addressOf("lead+x") },
    { issuer: "https://id.example", subject: "sub-lead" },
  ])
    assert.deepEqual(count(one, [given("lead", 1)], { writtenFor }), {
      ...{ complete: false, missing: [1] },
      why: ["An assistant wrote the email for them"],
    });
  const writtenFor = { address: addressOf("lead") };
  assert.deepEqual(count(one, [given("deputy", 1)], { writtenFor, delegates }).why, [
    "They stand in for the person for whom an assistant wrote the email",
  ]);
  // Whoever has a deputy decides on what was written for the deputy.
  assert.deepEqual(
    count(one, [given("lead", 1)], { writtenFor: { address: addressOf("deputy") }, delegates }).missing,
    [0],
  );
});

test("tally() lets no links stand for two people outside the demo", () => {
  const link = (name: string) => person(name, { auth: "link", issuer: "link", subject: addressOf(name) });
  const two = [required(2, ["lead", "cfo"])];
  const decisions = [given(link("lead"), 1), given(link("cfo"), 2)];
  assert.deepEqual(count(two, decisions).missing, [2]);
  assert.deepEqual(count(two, [given(link("lead"), 1), given("cfo", 2)]).missing, [1]);
  assert.equal(count(two, decisions, { demo: true }).complete, true);
  // Nor for two of whom one is wanted each.
  const each = [required(1, ["lead"]), required(1, ["cfo"], { class: "attachments" })];
  assert.deepEqual(count(each, decisions), {
    ...{ complete: false, missing: [0, 1] },
    why: ["All sign-ins by link count as one person's, and another one came first"],
  });
  assert.equal(count(each, [given(link("lead"), 1), given("cfo", 2)]).complete, true);
});

test("tally() counts those to whom it escalated for all email, and for no class", () => {
  const requirements = [
    required(1, ["lead"], {
      escalate: { after: { ms: 1, text: "24h", where: line(6) }, to: [named("head", 6)] },
    }),
    required(1, ["cfo"], { class: "content: iban" }),
  ];
  assert.deepEqual(count(requirements, [given("head", 1)]).missing, [1, 1]);
  assert.deepEqual(count(requirements, [given("head", 1)], { escalated: true }).missing, [0, 1]);
});

test("tally() is never complete where nothing is required or nobody is named", () => {
  assert.equal(count([], [given("lead", 1)]).complete, false);
  assert.equal(count([required(1, [])], [given("lead", 1)]).complete, false);
});

const NAMES = ["a", "b", "c", "d", "e"];
const name = fc.constantFrom(...NAMES);
const names = fc.uniqueArray(name, { minLength: 1, maxLength: 4 });
const requirements = fc.array(
  fc.tuple(fc.integer({ min: 1, max: 3 }), names).map(([needed, by]) => required(needed, by)),
  { minLength: 1, maxLength: 3 },
);
const approvals = fc.array(
  fc
    .record({
      name,
      subject: name,
      at: fc.integer({ min: 0, max: 20 }),
      auth: fc.constantFrom("oidc", "link"),
    })
    .map(({ name, subject, at, auth }) => given(person(name, { auth, subject }), at)),
  { maxLength: 5 },
);
const delegates: fc.Arbitrary<readonly Delegation[]> = fc.array(
  fc.tuple(name, name, fc.constantFrom(5, 10, 10_000)).map(([from, to, ends]) => delegation(from, to, ends)),
  { maxLength: 3 },
);
const author = fc.option(
  name.map((one) => ({ address: addressOf(one) })),
  { nil: undefined },
);

test("tally() is complete only with as many accounts, at as many addresses, as any requirement wants", () => {
  fc.assert(
    fc.property(requirements, approvals, delegates, author, (wanted, decisions, delegates, writtenFor) => {
      const result = tally(wanted, decisions, { delegates, now: 10, ...(writtenFor && { writtenFor }) });
      for (const { requirement, counted, missing } of result.requirements) {
        assert.equal(counted.length + missing, requirement.needed);
        assert.equal(new Set(counted.map(({ decision }) => decision.by.subject)).size, counted.length);
        assert.equal(new Set(counted.map(({ decision }) => decision.by.address)).size, counted.length);
        assert.equal(new Set(counted.map(({ as }) => as)).size, counted.length);
        for (const { as, decision } of counted) {
          assert.ok(requirement.by.some(({ address }) => address === as));
          assert.notEqual(decision.by.address, writtenFor?.address);
          assert.ok(requirement.needed === 1 || decision.by.auth === "oidc");
          // In nobody's place but their own, or by a delegation.
          assert.ok(
            as === decision.by.address || delegates.some(({ to }) => to.address === decision.by.address),
          );
        }
      }
      assert.equal(
        result.complete,
        result.requirements.every(({ missing }) => missing === 0),
      );
    }),
  );
});

test("tally() does not mind the order of decisions, and loses nothing by one approval more", () => {
  fc.assert(
    fc.property(requirements, approvals, delegates, name, (wanted, decisions, delegates, more) => {
      const missing = (given: readonly GivenDecision[]) =>
        tally(wanted, given, { delegates, now: 10, demo: true }).requirements.map((one) => one.missing);
      const before = missing(decisions);
      assert.deepEqual(missing(decisions.toReversed()), before);
      const after = missing([...decisions, given(person(`${more}`, { subject: "new" }), 30)]);
      // An account at an address that was seen before may be the same person: it never takes anything away.
      for (const [index, left] of after.entries()) assert.ok(left <= (before[index] ?? 0));
    }),
  );
});

test("tally() is never complete with the approvals of one person, their delegates and their own author", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 3 }), names, name, (needed, by, one) => {
      const delegates = NAMES.filter((other) => other !== one).map((other) => delegation(one, other));
      const approvals = [given(one, 1), given(person(one, { subject: "other" }), 2)];
      assert.ok(count([required(needed, by)], approvals, { delegates }).missing.every((left) => left > 0));
    }),
  );
});
