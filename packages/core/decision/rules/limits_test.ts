import assert from "node:assert/strict";
import { test } from "node:test";
import { type EmailAction, isEmailAction, parseSend } from "../../action/mod.ts";
import { formatProblem, loadPolicies, type PolicySet } from "../../policy/mod.ts";
import { composeEmail } from "../compose_email.ts";
import type { LimitUsage } from "../context.ts";
import { decide } from "../decide.ts";

const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;
const TEAM = `team: ops
mailbox: { id: mbx-ops, address: ops@acme.multimail.dev }
oversight: monitored
assistants: [{ id: writer, limits: { per_domain: 2/hour } }]
recipients: { external: allow }
compose: { cc: [records@acme.example] }
limits: { per_recipient: 3/day, per_domain: 5/week, team: 9/week }
`;

function policiesOf(text: string): PolicySet {
  const file = { name: "ops.yaml", file: "teams/ops.yaml", bytes: new TextEncoder().encode(text) };
  const loaded = loadPolicies([file], { sha256: () => "" });
  return loaded.ok ? loaded.policies : assert.fail(loaded.problems.map(formatProblem).join("\n"));
}

/** Which recipients a limit stops, by their address; `email` where it stops whatever is asked for. */
function stopped(to: readonly string[], usage: readonly LimitUsage[], text = TEAM): readonly string[] {
  const policies = policiesOf(text);
  const team = policies.teams.get("ops") ?? assert.fail();
  const asked = parseSend({ to, subject: "Hello", body: "Hello" });
  const action: EmailAction = isEmailAction(asked) ? composeEmail(team, asked, undefined) : assert.fail();
  const { findings, recipients } = decide(policies, action, {
    ...{ now: 0, team: "ops", assistant: "writer", usage },
    live: { oversight: "monitored", allowlist: [], active: true, seenAt: 0 },
  });
  return findings
    .filter(({ rule, effect }) => rule === "limits" && effect === "deny")
    .flatMap(({ about }) => about?.map((index) => recipients[index]?.text ?? "?") ?? ["email"]);
}

test("limits count a domain by itself, in its own window", () => {
  const at = (domain: string, used: number, windowMs = WEEK_MS): LimitUsage => ({
    ...{ limit: "per_domain", domain, windowMs, used },
  });
  const people = ["ann@client.example", "bob@sub.client.example", "joe@CLIENT.example"];
  assert.deepEqual(stopped(people, [at("client.example", 5)]), ["ann@client.example", "joe@CLIENT.example"]);
  assert.deepEqual(stopped(people, [at("sub.client.example", 5)]), ["bob@sub.client.example"]);
  assert.deepEqual(stopped(people, [at("example", 5), at("client.example", 4)]), []);
  assert.deepEqual(stopped(["ann@client.example"], [at("client.example", 2, HOUR_MS)]), [
    "ann@client.example",
  ]);
  assert.deepEqual(
    stopped(["ann@client.example"], [at("client.example", 4), at("client.example", 1, HOUR_MS)]),
    [],
  );
});

test("limits count a person by their address without plus-tags, and nobody who only gets a copy", () => {
  const at = (recipient: string): LimitUsage => ({
    ...{ limit: "per_recipient", recipient, windowMs: 24 * HOUR_MS, used: 3 },
  });
  assert.deepEqual(stopped(["ann+x@client.example", "bob@client.example"], [at("ann@client.example")]), [
    "ann+x@client.example",
  ]);
  assert.deepEqual(stopped(["ann@client.example"], [at("records@acme.example")]), []);
  const archive: LimitUsage = { limit: "per_domain", domain: "acme.example", windowMs: WEEK_MS, used: 5 };
  assert.deepEqual(stopped(["ann@client.example"], [archive]), []);
  assert.deepEqual(stopped(["jane@acme.example"], [archive]), ["jane@acme.example"]);
});

test("limits count a week of the whole team as seven days", () => {
  const used = (windowMs: number): LimitUsage => ({ limit: "team", windowMs, used: 9 });
  assert.deepEqual(stopped(["ann@client.example"], [used(WEEK_MS)]), ["email"]);
  assert.deepEqual(stopped(["ann@client.example"], [used(WEEK_MS - 24 * HOUR_MS)]), []);
});
