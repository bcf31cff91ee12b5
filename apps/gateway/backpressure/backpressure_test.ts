import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { TEAMS } from "@countersign/lifecycle/testing/teams";
import { DustClient } from "../testing/dust_client.ts";
import { type Stack, startStack } from "../testing/start_stack.ts";

function send(stack: Stack, subject: string) {
  const body = { to: "jane@acme.example", subject, body: "Hello there" };
  return stack.call("POST", "/v1/send", { as: "marketing/writer", body });
}

function fault(stack: Stack, name: string, count = 1) {
  return stack.control("POST", "/sandbox/faults", { fault: name, count });
}

async function until(holds: () => Promise<boolean>, patienceMs: number): Promise<void> {
  for (let waited = 0; !(await holds()); waited += 50) {
    assert.ok(waited < patienceMs, `Waited ${patienceMs} ms in vain`);
    await sleep(50);
  }
}

test("Warm-up, quota and rate are told apart, in MultiMail's words, at both doors, and nothing is sent", async (t) => {
  const stack = await startStack(t, TEAMS);
  const dust = new DustClient(stack.gateway.url, stack.keyOf("marketing/writer"));
  const ask = (subject: string) =>
    dust.call("send_email", { to: ["jane@acme.example"], subject, body: "Hello there" });
  const cases = [
    ["warmup", "multimail_quota", /new and has sent all it may today.*Daily warm-up limit reached/],
    ["quota", "multimail_quota", /quota for the month.*Monthly email quota exceeded/],
    // Last: from then on MultiMail is left alone.
    ["rate_limited", "multimail_rate", /fewer requests/],
  ] as const;
  for (const [name, code, message] of cases) {
    await fault(stack, name, 2);
    const { status, body } = await send(stack, name);
    assert.deepEqual([status, body.code], [429, code], name);
    assert.match(body.error, message);
    const { text, isError } = await ask(`${name} again`);
    assert.equal(isError, true);
    assert.match(text, new RegExp(`^FAILED \\(${code}\\): .*nothing was sent`));
    assert.match(text, message);
  }
  assert.deepEqual(await stack.outbox(), []);
  const outcomes = await stack.records({ kind: "outcome" });
  assert.deepEqual(
    outcomes.map(({ record }) => record.data.result),
    cases.flatMap(() => ["refused", "refused"]),
  );
});

test("After a 429 with Retry-After MultiMail is not asked about that mailbox before it is over; other teams go on", async (t) => {
  const stack = await startStack(t, TEAMS);
  await fault(stack, "rate_limited");
  const { apiCalls: before = 0 } = await stack.lead.getUsage();
  const limited = await send(stack, "First");
  const held = await Promise.all([send(stack, "First"), send(stack, "Second")]);
  const others = await stack.call("GET", "/v1/mailboxes/mbx-finance/inbox", { as: "finance/chaser" });
  assert.equal(others.status, 200);
  for (const { status, body, headers } of [limited, ...held]) {
    assert.deepEqual([status, body.code, headers.get("retry-after")], [429, "multimail_rate", "1"]);
  }
  const { apiCalls = 0 } = await stack.lead.getUsage();
  assert.equal(
    apiCalls - before,
    2,
    "the other team's, and this very question; the sandbox does not count what a fault hit",
  );
  await sleep(1_000);
  assert.equal((await send(stack, "First")).status, 202, "the refusal gave its claims back");
  await until(async () => (await stack.outbox()).length === 1, 2_000);
});

test("When MultiMail fails again and again, sends are refused at once, on record, and all is settled later", async (t) => {
  const stack = await startStack(t, TEAMS);
  await fault(stack, "error_500_after", 5);
  for (let i = 0; i < 5; i++) assert.equal((await send(stack, `Email ${i}`)).body.status, "unconfirmed");
  const startedAt = Date.now();
  const refused = await send(stack, "Email 5");
  assert.ok(Date.now() - startedAt < 1_000);
  assert.deepEqual([refused.status, refused.body.code], [503, "multimail_unavailable"]);
  assert.match(refused.headers.get("retry-after") ?? "", /^[12]$/);
  const records = await stack.records({ receipt: refused.body.receipt });
  const outcome = records.at(-1)?.record;
  assert.ok(outcome?.kind === "outcome");
  assert.deepEqual([outcome.data.result, outcome.data.code], ["refused", "multimail_unavailable"]);

  const isSettled = async () => {
    const outcomes = await stack.records({ kind: "outcome" });
    return outcomes.filter(({ record }) => record.data.learnt_by === "idempotency_key").length === 5;
  };
  await until(isSettled, 10_000);
  assert.equal((await send(stack, "Email 5")).body.status, "queued");
  await until(async () => (await stack.outbox()).length === 6, 2_000);
  const subjects = (await stack.outbox()).map(({ subject }) => subject).sort();
  assert.deepEqual(subjects, ["Email 0", "Email 1", "Email 2", "Email 3", "Email 4", "Email 5"]);
});
