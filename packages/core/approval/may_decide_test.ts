import assert from "node:assert/strict";
import { test } from "node:test";
import { type MayDecide, mayDecide } from "./may_decide.ts";
import { addressOf, delegation, line, named, person, required } from "./testing/people.ts";

const OPTIONS = { delegates: [], now: 1_000 };
const ESCALATE = { after: { ms: 1, text: "24h", where: line(6) }, to: [named("head", 6)] };
const ALL = required(1, ["lead", "cfo"], { escalate: ESCALATE });
const CLASS = required(2, ["cfo", "coo"], { class: "content: iban" });

function why(result: MayDecide): string | undefined {
  return result.ok ? undefined : result.why;
}

test("mayDecide() tells for what an approval would count", () => {
  assert.deepEqual(mayDecide(person("lead"), [ALL, CLASS], OPTIONS), { ok: true, countsFor: [ALL] });
  assert.deepEqual(mayDecide(person("cfo"), [ALL, CLASS], OPTIONS), { ok: true, countsFor: [ALL, CLASS] });
});

test("mayDecide() names those who may instead, each with the line", () => {
  assert.equal(
    why(mayDecide(person("intern"), [ALL], OPTIONS)),
    "Only lead@acme.example (teams/a.yaml:4:1) or cfo@acme.example (teams/a.yaml:4:1) may decide on this email",
  );
  const many = required(1, ["a", "b", "c", "d", "e", "f", "g"]);
  assert.match(
    why(mayDecide(person("intern"), [many], OPTIONS)) ?? "",
    /e@acme\.example \(\S+\) or 2 more may/,
  );
  assert.equal(
    why(mayDecide(person("intern"), [required(1, [])], OPTIONS)),
    "The policy names nobody who may decide on this email (teams/a.yaml:3:1)",
  );
});

test("mayDecide() lets nobody decide on what was written for them, nor their delegate", () => {
  const written = { ...OPTIONS, writtenFor: { address: addressOf("lead") } };
  assert.equal(
    why(mayDecide(person("lead"), [ALL], written)),
    "An assistant wrote this email for you, so somebody else decides on it",
  );
  const delegates = [delegation("lead", "cfo")];
  assert.equal(
    why(mayDecide(person("cfo"), [ALL], { ...written, delegates })),
    "An assistant wrote this email for lead@acme.example, for whom you stand in (teams/a.yaml:9:1), so somebody else decides on it",
  );
  const ended = [delegation("lead", "cfo", 1_000)];
  assert.equal(mayDecide(person("cfo"), [ALL], { ...written, delegates: ended }).ok, true);
});

test("mayDecide() lets somebody decide for whom they stand in, and tells so, until it ends", () => {
  const delegates = [delegation("lead", "deputy", 2_000), delegation("deputy", "other", 5_000)];
  for (const name of ["deputy", "other"])
    assert.deepEqual(mayDecide(person(name), [ALL], { ...OPTIONS, delegates }), {
      ...{ ok: true, countsFor: [ALL], insteadOf: { address: addressOf("lead"), where: line(9) } },
    });
  assert.match(
    why(mayDecide(person("deputy"), [ALL], { delegates, now: 2_000 })) ?? "",
    /^You stood in for lead@acme\.example until 2026-12-31 \(teams\/a\.yaml:9:1\)\. Only lead@/,
  );
});

test("mayDecide() lets those to whom it escalates decide then, and on no class", () => {
  assert.equal(
    why(mayDecide(person("head"), [ALL, CLASS], OPTIONS)),
    "You may decide on this email only when nobody did within 24h (teams/a.yaml:6:1)",
  );
  assert.deepEqual(mayDecide(person("head"), [ALL, CLASS], { ...OPTIONS, escalated: true }), {
    ...{ ok: true, countsFor: [ALL] },
  });
});

test("mayDecide() lets a sign-in by link reject where several must approve, and count in the demo only", () => {
  const cfo = person("cfo", { auth: "link" });
  assert.deepEqual(mayDecide(cfo, [ALL, CLASS], OPTIONS), {
    ok: true,
    countsFor: [ALL],
    why: "Several people must approve this email (teams/a.yaml:3:1), and a sign-in by link counts for none of them: whoever prints one link can print two",
  });
  assert.deepEqual(mayDecide(cfo, [ALL, CLASS], { ...OPTIONS, demo: true }), {
    ...{ ok: true, countsFor: [ALL, CLASS] },
  });
});

test("mayDecide() goes by the very address: a plus-tag of somebody else's gives no right", () => {
  assert.equal(mayDecide(person("lead+x"), [ALL], OPTIONS).ok, false);
});
