import assert from "node:assert/strict";
import { test } from "node:test";
import { loadPolicies } from "../policy/mod.ts";
import { decidersOf } from "./deciders_of.ts";
import { delegationsOf } from "./delegations.ts";
import { endedDelegations } from "./ended_delegations.ts";
import { peopleToTell } from "./people_to_tell.ts";

const TEAM = `team: a
mailbox: { id: m, address: a@acme.example }
assistants: []
approval:
  by: [lead@acme.example]
  escalate: { after: 24h, to: [head@acme.example] }
  classes: [{ when: { attachments: true }, by: [cfo@acme.example] }]
delegates: [{ from: lead@acme.example, to: deputy@acme.example, until: 2026-12-31, reason: leave }]
hours: { days: mon-fri, from: "08:00", to: "18:00", timezone: Europe/Paris }
`;
const ORGANISATION = `delegates:
  - { from: deputy@acme.example, to: other@acme.example, until: 2026-12-31, reason: leave }
  - { from: nobody@acme.example, to: stranger@acme.example, until: 2026-12-31, reason: leave }
`;

const POLICIES = (() => {
  const file = (name: string, text: string) => ({
    ...{ name, file: `teams/${name}` },
    bytes: new TextEncoder().encode(text),
  });
  const result = loadPolicies([file("a.yaml", TEAM), file("_organisation.yaml", ORGANISATION)], {
    sha256: () => "",
  });
  assert.ok(result.ok);
  return result.policies;
})();

test("decidersOf() has everybody who may decide on some email of a team, and those who stand in for them", () => {
  const at = (day: string) => [...decidersOf(POLICIES, "a", Date.parse(day))].sort();
  const named = ["cfo@acme.example", "head@acme.example", "lead@acme.example"];
  assert.deepEqual(
    at("2026-11-28T00:00:00Z"),
    [...named, "deputy@acme.example", "other@acme.example"].sort(),
  );
  assert.deepEqual(at("2027-01-01T00:00:00Z"), named);
  assert.equal(decidersOf(POLICIES, "b", 0).size, 0);
});

test("peopleToTell() has those who may decide, of an escalation only whom it adds, and who stands in for them", () => {
  const HELD = Date.parse("2026-11-28T00:00:00Z");
  const day = 24 * 3_600_000;
  const told = (about: "waiting" | "reminder" | "escalated", after: number) =>
    [...peopleToTell(POLICIES, "a", { about, heldAt: [HELD + day, HELD], now: HELD + after })].sort();
  const usual = ["cfo", "deputy", "lead", "other"].map((name) => `${name}@acme.example`);
  assert.deepEqual(told("waiting", 1), usual);
  assert.deepEqual(told("reminder", day - 1), usual);
  assert.deepEqual(told("escalated", day), ["head@acme.example"]);
  assert.deepEqual(told("reminder", day), [...usual, "head@acme.example"].sort());
  assert.deepEqual(peopleToTell(POLICIES, "b", { about: "waiting", heldAt: [], now: 0 }), []);
});

test("delegationsOf() ends the team's days in the team's own time zone, and the organisation's in UTC", () => {
  assert.deepEqual(
    delegationsOf(POLICIES, "a").map(({ endsAt }) => new Date(endsAt).toISOString()),
    ["2026-12-31T23:00:00.000Z", "2027-01-01T00:00:00.000Z", "2027-01-01T00:00:00.000Z"],
  );
});

test("endedDelegations() names each entry whose last day is over, in both files", () => {
  const at = (day: string) =>
    endedDelegations(POLICIES, Date.parse(day)).map(({ where }) => `${where.file}:${where.line}`);
  assert.deepEqual(at("2026-12-31T22:59:59Z"), []);
  assert.deepEqual(at("2026-12-31T23:00:00Z"), ["teams/a.yaml:8"]);
  assert.equal(at("2027-01-01T00:00:00Z").length, 3);
});
