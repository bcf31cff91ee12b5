import assert from "node:assert/strict";
import { test } from "node:test";
import { TEAMS } from "@countersign/lifecycle/testing/teams";
import { until } from "@countersign/lifecycle/testing/until";
import { type DriftData, driftEntry, isAppliedChange, type LifecycleData } from "@countersign/trail";
import { openSqliteTrail } from "@countersign/trail/sqlite";
import { type Stack, startStack } from "../testing/start_stack.ts";

const as = "finance/chaser";

async function sendAndDecide(stack: Stack, subject: string, action: "approve" | "reject"): Promise<string> {
  const body = { to: "jane@acme.example", subject, body: `${subject}, dear Jane` };
  const { id, receipt } = (await stack.call("POST", "/v1/send", { as, body })).body;
  await until(async () => (await stack.lead.listPending()).some((one) => one.id === id));
  await stack.lead.decide(id, action);
  return receipt;
}

function untilDecided(stack: Stack, receipt: string): Promise<LifecycleData> {
  return until(async () =>
    (await stack.records({ receipt, kind: "lifecycle" }))
      .flatMap(({ record: { data } }) => (data.event === "unknown" ? [] : [data]))
      .find(({ event }) => event === "approved" || event === "rejected"),
  );
}

async function drift(stack: Stack): Promise<readonly DriftData[]> {
  return (await stack.records({ kind: "drift" })).flatMap(({ record: { data } }) =>
    isAppliedChange(data) ? [] : [data],
  );
}

/** What /readyz says of who decided. */
async function told(stack: Stack): Promise<readonly string[]> {
  const { status, body } = await stack.call("GET", "/readyz");
  assert.equal(status, 200, "it stops nothing");
  const problems = body.problems as readonly { what: string; message: string }[];
  return problems
    .filter(({ message }) => /no approver/.test(message))
    .map(({ what, message }) => `${what}: ${message}`);
}

async function metrics(stack: Stack): Promise<string> {
  return (await fetch(`${stack.gateway.url}/metrics`)).text();
}

async function openedOf(stack: Stack, commitment: string | null): Promise<string | undefined> {
  const trail = await openSqliteTrail(`${stack.dataDir}/trail.sqlite`, { readonly: true });
  const values = await trail.unseal(commitment === null ? [] : [commitment]);
  await trail.close();
  return values.get(commitment ?? "");
}

test("An account's name tells not who approved: that is on record and counted, and no alarm", async (t) => {
  const stack = await startStack(t, TEAMS);
  const approved = await untilDecided(stack, await sendAndDecide(stack, "One", "approve"));
  const rejected = await untilDecided(stack, await sendAndDecide(stack, "Two", "reject"));
  assert.deepEqual([approved.decided_by, rejected.decided_by], ["unknown", "unknown"]);
  assert.equal(rejected.by, null);
  assert.deepEqual(await drift(stack), []);
  assert.deepEqual(await told(stack), []);
  const text = await metrics(stack);
  assert.match(text, /countersign_decisions_total\{decision="approved",by="unknown"\} 1/);
  assert.match(text, /countersign_decisions_total\{decision="rejected",by="unknown"\} 1/);
  assert.match(text, /countersign_decisions_total\{decision="approved",by="other"\} 0/);
});

test("An approver of the team is on record as that", async (t) => {
  const stack = await startStack(t, TEAMS);
  await stack.control("POST", "/sandbox/decider", { name: "Lead@ACME.example" });
  const approved = await untilDecided(stack, await sendAndDecide(stack, "One", "approve"));
  assert.equal(approved.decided_by, "approver");
  assert.equal(await openedOf(stack, approved.by), "Lead@acme.example");
  assert.deepEqual(await told(stack), []);
});

test("Somebody who is no approver raises an alarm: on record, counted, in /readyz, until a person clears it", async (t) => {
  const stack = await startStack(t, TEAMS);
  await stack.control("POST", "/sandbox/decider", { name: "mallory@evil.example" });
  const one = await sendAndDecide(stack, "One", "approve");
  const approved = await untilDecided(stack, one);
  const two = await sendAndDecide(stack, "Two", "reject");
  const rejected = await untilDecided(stack, two);
  for (const { decided_by, by } of [approved, rejected]) {
    assert.equal(decided_by, "other");
    assert.equal(await openedOf(stack, by), "mallory@evil.example");
  }
  const alarms = await drift(stack);
  assert.deepEqual(
    alarms.map(({ result, mailbox, settings, because }) => [result, mailbox, settings, because]),
    [one, two].map((receipt) => ["decided_by_other", "mbx-finance", ["approvers"], receipt]),
  );
  assert.equal(await openedOf(stack, alarms[0]?.by ?? null), "mallory@evil.example");
  const [problem = "", ...others] = await told(stack);
  assert.deepEqual(others, []);
  assert.ok(problem.startsWith("mailbox of team finance: Somebody who is no approver of the team"));
  assert.ok(problem.includes(one) && problem.includes(two) && !problem.includes("mallory"));
  const text = await metrics(stack);
  assert.match(text, /countersign_decisions_total\{decision="approved",by="other"\} 1/);
  assert.match(text, /countersign_decisions_total\{decision="rejected",by="other"\} 1/);
  const body = { to: "jane@acme.example", subject: "Three", body: "It goes on" };
  assert.equal((await stack.call("POST", "/v1/send", { as, body })).status, 202);

  await stack.restart();
  assert.equal((await told(stack)).length, 1, "it outlives the gateway");
  const trail = await openSqliteTrail(`${stack.dataDir}/trail.sqlite`);
  const { mailbox = "", because } = alarms[0] ?? {};
  const cleared = {
    result: "cleared",
    mailbox,
    by: "ann",
    reason: "Known",
    ...(because && { because }),
  } as const;
  const about = { team: "finance", receipt: null, policy: null };
  await trail.append(driftEntry(cleared, { at: Date.now(), ...about }));
  await trail.close();
  await until(async () => (await told(stack)).length === 0);
});

test("Somebody who is no approver raises the same alarm by releasing received email, when it is first read", async (t) => {
  const stack = await startStack(t, TEAMS);
  const read = async (name: string | null) => {
    await stack.control("POST", "/sandbox/decider", { name });
    const email = { mailbox_id: "mbx-finance", from: "ann@client.example", subject: "Hi", markdown: "Hi" };
    const { id } = (await stack.control("POST", "/sandbox/inbound", email)) as { id: string };
    await stack.lead.decide(id, "approve");
    for (let time = 0; time < 2; time++) {
      assert.equal((await stack.call("GET", `/v1/mailboxes/mbx-finance/emails/${id}`, { as })).status, 200);
    }
    return id;
  };
  await read(null);
  await read("lead@acme.example");
  assert.deepEqual(await drift(stack), []);
  const id = await read("mallory@evil.example");
  const alarms = await drift(stack);
  assert.deepEqual(
    alarms.map(({ result, mailbox, email }) => [result, mailbox, email]),
    [["decided_by_other", "mbx-finance", id]],
  );
  assert.equal(await openedOf(stack, alarms[0]?.by ?? null), "mallory@evil.example");
  assert.equal((await told(stack)).length, 1);
  const text = await metrics(stack);
  for (const by of ["approver", "other", "unknown"]) {
    assert.ok(text.includes(`countersign_decisions_total{decision="approved",by="${by}"} 1`), by);
  }
  await stack.restart();
  await stack.call("GET", `/v1/mailboxes/mbx-finance/emails/${id}`, { as });
  assert.equal((await drift(stack)).length, 1, "once an email");
});
