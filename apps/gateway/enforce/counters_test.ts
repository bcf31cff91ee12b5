import assert from "node:assert/strict";
import { test } from "node:test";
import { parseSend } from "@countersign/core/action";
import { limitCounters } from "@countersign/core/decision";
import { loadPolicies } from "@countersign/core/policy";
import { counterOf, reservationsOf } from "./counters.ts";

const WEEK_MS = 7 * 24 * 60 * 60_000;
const TEAM = `team: ops
mailbox: { id: mbx-ops, address: ops@acme.multimail.dev }
oversight: monitored
assistants: [{ id: writer, limits: { per_domain: 2/hour } }, { id: other }]
limits: { per_domain: 20/day, team: 2000/week }
`;

function countersFor(assistant: string, to: readonly string[]) {
  const file = { name: "ops.yaml", file: "teams/ops.yaml", bytes: new TextEncoder().encode(TEAM) };
  const loaded = loadPolicies([file], { sha256: () => "" });
  const policy = loaded.ok ? loaded.policies.teams.get("ops") : undefined;
  const one = policy?.assistants.get(assistant);
  const action = parseSend({ to, subject: "Hello", body: "Hello" });
  assert.ok(policy && one && action.name === "send");
  return limitCounters(policy, one, { recipients: action.recipients });
}

test("counterOf() counts a domain once an email, for all assistants of a team, under no name that shows", () => {
  const caller = { team: "ops", assistant: "writer" };
  const people = ["ana@client.example", "Bob+x@CLIENT.example", "joe@sub.client.example"];
  const reserved = reservationsOf(countersFor("writer", people), caller, { enforced: true });
  const domains = reserved.filter(({ counter }) => counter.startsWith("domain ops "));
  assert.equal(new Set(domains.map(({ counter }) => counter)).size, 2);
  assert.deepEqual(
    domains.map(({ max }) => max),
    [20, 20, 2, 2],
  );
  assert.doesNotMatch(JSON.stringify(reserved), /client/);
  const others = countersFor("other", ["else@client.example"])
    .filter(({ limit }) => limit === "per_domain")
    .map((counter) => counterOf(counter, { team: "ops", assistant: "other" }).counter);
  assert.deepEqual(others, [domains[0]?.counter]);
});

test("counterOf() counts a week", () => {
  const team = countersFor("other", ["ana@client.example"]).find(({ limit }) => limit === "team");
  assert.deepEqual(team && counterOf(team, { team: "ops", assistant: "other" }), {
    counter: "team ops",
    windowMs: WEEK_MS,
  });
});
