import assert from "node:assert/strict";
import { test } from "node:test";
import { TEAMS } from "@countersign/lifecycle/testing/teams";
import { until } from "@countersign/lifecycle/testing/until";
import type { LifecycleData } from "@countersign/trail";
import { DustClient } from "../testing/dust_client.ts";
import { type Stack, startStack } from "../testing/start_stack.ts";
import { startWorld } from "../testing/start_world.ts";
import { EmailTagger } from "./email_tagger.ts";
import { EmailWatch } from "./email_watch.ts";
import { MailboxAlarms } from "./mailbox_alarms.ts";

async function send(stack: Stack, as: string, subject: string): Promise<{ receipt: string; id: string }> {
  const body = { to: "jane@acme.example", cc: ["joe@acme.example"], subject, body: `${subject}, dear Jane` };
  const answer = await stack.call("POST", "/v1/send", { as, body });
  assert.equal(answer.status, 202, JSON.stringify(answer.body));
  return answer.body;
}

async function lifecycle(stack: Stack, receipt: string): Promise<readonly LifecycleData[]> {
  const records = await stack.records({ receipt, kind: "lifecycle" });
  return records.flatMap(({ record: { data } }) => (data.event === "unknown" ? [] : [data]));
}

function untilEvents(stack: Stack, receipt: string, ...events: readonly string[]) {
  return until(async () => {
    const found = await lifecycle(stack, receipt);
    return found.map(({ event }) => event).join() === events.join() && found;
  });
}

function status(stack: Stack, as: string, receipt: string) {
  return stack.call("GET", `/v1/receipts/${receipt}`, { as });
}

test("An email is followed by asking alone: held, approved by whom, sent, delivered; every door tells the same", async (t) => {
  const stack = await startStack(t, TEAMS);
  const { receipt, id } = await send(stack, "finance/chaser", "Invoice 1");
  await untilEvents(stack, receipt, "held");
  await stack.lead.decide(id, "approve");
  const found = await untilEvents(stack, receipt, "held", "approved", "sent", "delivered");
  assert.deepEqual(
    found.map(({ learnt_by, final, email }) => [learnt_by, final, email]),
    [false, false, false, true].map((final) => ["polling", final, id]),
  );
  assert.match(found[1]?.by ?? "", /^[\da-f]{64}$/, "who approved is sealed");
  const { body } = await status(stack, "finance/chaser", receipt);
  assert.equal(body.status, "delivered");
  assert.equal(body.approved_by, "operator@sandbox.example");
  const dust = new DustClient(stack.gateway.url, stack.keyOf("finance/chaser"));
  const { text } = await dust.call("email_status", { receipt });
  assert.match(text, /^DELIVERED: .*approved by: operator@sandbox\.example/s);
  const readbacks = (await stack.records({ kind: "readback" })).map(({ record }) => record.data);
  assert.deepEqual(
    readbacks.map(({ phase, match, differences, unchecked }) => [phase, match, differences, unchecked]),
    [
      ["held", true, [], []],
      ["left", true, [], []],
    ],
  );
  assert.equal((await lifecycle(stack, receipt)).length, 4, "asking adds nothing");
});

test("Rejection and cancellation are known, by asking and by the answer", async (t) => {
  const stack = await startStack(t, TEAMS);
  const [rejected, cancelled] = [
    await send(stack, "finance/chaser", "Invoice 1"),
    await send(stack, "finance/chaser", "Invoice 2"),
  ];
  await untilEvents(stack, rejected.receipt, "held");
  await stack.lead.decide(rejected.id, "reject", "Not now");
  await stack.call("POST", `/v1/mailboxes/mbx-finance/emails/${cancelled.id}/cancel`, {
    as: "finance/chaser",
  });
  const [learnt] = (await lifecycle(stack, cancelled.receipt)).slice(-1);
  assert.deepEqual([learnt?.event, learnt?.final], ["cancelled", true]);
  // The watch may ask first.
  assert.match(learnt?.learnt_by ?? "", /^(answer|polling)$/);
  assert.equal((await status(stack, "finance/chaser", rejected.receipt)).body.status, "rejected");
  assert.equal((await status(stack, "finance/chaser", cancelled.receipt)).body.status, "cancelled");
  await untilEvents(stack, rejected.receipt, "held", "rejected");
});

test("A restart goes on where the gateway was, and repeats nothing", async (t) => {
  const stack = await startStack(t, TEAMS);
  const gone = await send(stack, "marketing/writer", "News");
  await untilEvents(stack, gone.receipt, "sent", "delivered");
  const { receipt, id } = await send(stack, "finance/chaser", "Invoice 1");
  await untilEvents(stack, receipt, "held");
  await stack.gateway.close();
  await stack.lead.decide(id, "approve");
  await stack.restart();
  await untilEvents(stack, receipt, "held", "approved", "sent", "delivered");
  await stack.restart();
  await status(stack, "marketing/writer", gone.receipt);
  assert.equal((await lifecycle(stack, gone.receipt)).length, 2);
  assert.equal((await stack.records({ kind: "readback" })).length, 3);
});

test("While MultiMail is down nothing is made up, and afterwards everything is known", async (t) => {
  const stack = await startStack(t, TEAMS);
  const { receipt } = await send(stack, "marketing/writer", "News");
  const down = { fault: "error_500_before", count: 3, match: { method: "GET", path: "/emails/" } };
  await stack.control("POST", "/sandbox/faults", down);
  const { body } = await status(stack, "marketing/writer", receipt);
  assert.equal(body.status, "queued");
  assert.deepEqual(await lifecycle(stack, receipt), []);
  await stack.control("DELETE", "/sandbox/faults");
  assert.equal((await status(stack, "marketing/writer", receipt)).body.status, "delivered");
});

test("EmailWatch does not ask again what somebody else has just had looked at", async (t) => {
  const { world, multimail, accepted, ask, advance } = await startWorld(t, {
    "ops.yaml": `
team: ops
mailbox: { id: mbx-ops, address: ops@acme.multimail.dev }
oversight: gated_all
approvers: [lead@acme.example]
assistants: [{ id: writer, keys: ["KEY"] }]
recipients: { internal: [acme.example], external: allow }
`,
  });
  for (const subject of ["One", "Two"])
    await ask("ops/writer", { to: "jane@acme.example", subject, body: "Hello" });
  const [one, two] = accepted;
  assert.ok(one && two);
  const asked: string[] = [];
  const getEmail = multimail.getEmail.bind(multimail);
  multimail.getEmail = (mailboxId, emailId) => {
    asked.push(emailId);
    return getEmail(mailboxId, emailId);
  };
  const watch = new EmailWatch({
    ...world,
    alarms: new MailboxAlarms(world),
    tagger: new EmailTagger(world),
  });
  t.after(() => watch.stop());
  watch.add(one.receipt);
  watch.add(two.receipt);
  advance(600);
  await watch.look(one.receipt, { learntBy: "webhook", told: new Set(["held"]), onlyNews: true });
  // Being told again what is on record asks nobody, and puts nothing off.
  await watch.look(two.receipt, { learntBy: "webhook", told: new Set(), onlyNews: true });
  assert.deepEqual(asked, [one.emailId]);
  advance(410);
  watch.start();
  await until(async () => asked.includes(two.emailId));
  assert.deepEqual(asked, [one.emailId, two.emailId]);
});
