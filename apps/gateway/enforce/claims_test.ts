import assert from "node:assert/strict";
import { test } from "node:test";
import { parseReport, parseSend } from "@countersign/core/action";
import { claimsOf } from "./claims.ts";

const MINUTE = 60_000;
const caller = { team: "sales", assistant: "bot" };

/** The claims of an email, by key, with the minutes they hold. */
function claims(changes: Record<string, unknown> = {}, attempt?: string): ReadonlyMap<string, number> {
  const action = parseSend({ to: "ann@client.example", subject: "Hi", body: "Hello", ...changes });
  assert.ok(action.name === "send");
  const call = { caller, receivedAt: 0, ...(attempt !== undefined && { attempt }) };
  const made = claimsOf(call, action, action.recipients);
  return new Map(
    made.filter(({ optional }) => !optional).map(({ key, expiresAt }) => [key, expiresAt / MINUTE]),
  );
}

function shared(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): readonly number[] {
  return [...a].filter(([key]) => b.has(key)).map(([, minutes]) => minutes);
}

test("claimsOf() holds the same content for ten minutes, whatever the attempt", () => {
  assert.deepEqual(shared(claims(), claims()), [10]);
  assert.deepEqual(shared(claims({}, "1"), claims({}, "2")), [10]);
  assert.deepEqual(shared(claims({}, "1"), claims()), [10]);
  assert.deepEqual(shared(claims(), claims({ subject: "Ho" })), []);
});

test("claimsOf() holds an attempt for a day, for the same content only", () => {
  assert.deepEqual(shared(claims({}, "1"), claims({}, "1")), [10, 24 * 60]);
  assert.deepEqual(shared(claims({}, "1"), claims({ body: "Ho" }, "1")), []);
});

test("claimsOf() goes by a caller's own key alone", () => {
  const key = { idempotency_key: "k" };
  assert.deepEqual(shared(claims(key, "1"), claims(key, "2")), [24 * 60]);
  assert.deepEqual(shared(claims(key, "1"), claims({}, "1")), []);
  assert.deepEqual(shared(claims(key), claims({ ...key, body: "Ho" })), [24 * 60]);
});

test("claimsOf() keeps a report's emails apart, from one another and from every other email with the same key", () => {
  const reported = (key: string, ...recipients: string[]) => {
    const report = { period: "2026-W47", metrics: { Signups: 42 } };
    const actions = parseReport({ report, recipients, idempotency_key: key });
    assert.ok(Array.isArray(actions));
    return actions.map((action) => claimsOf({ caller, receivedAt: 0 }, action, action.recipients)[0]?.key);
  };
  const sent = (key: string) => [...claims({ idempotency_key: key }).keys()][0];
  const [ann, bob] = reported("k", "ann@client.example", "bob@client.example");
  assert.notEqual(ann, bob);
  assert.deepEqual(reported("k", "Ann <ANN@client.example>".replace("ANN", "ann")), [ann]);
  for (const key of ["k", "k ann@client.example", "k report to ann@client.example", "report"]) {
    assert.notEqual(sent(key), ann, key);
  }
  assert.notEqual(reported("k a", "b@client.example")[0], reported("k", "a b@client.example")[0]);
});
