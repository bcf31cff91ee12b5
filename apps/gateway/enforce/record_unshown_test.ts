import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { TEAMS } from "@countersign/lifecycle/testing/teams";
import type { IntentData } from "@countersign/trail";
import { DustClient } from "../testing/dust_client.ts";
import { type Stack, startStack } from "../testing/start_stack.ts";

const FINANCE = { as: "finance/chaser" };

interface Received {
  readonly stack: Stack;
  readonly emailId: string;
  /** Makes MultiMail fail to show an email, once. */
  hide(fault: string): Promise<unknown>;
}

async function receive(t: TestContext, { from = "bob@acme.example" } = {}): Promise<Received> {
  const stack = await startStack(t, TEAMS);
  const body = { mailbox_id: "mbx-finance", from, subject: "Question", markdown: "When?" };
  const { id } = (await stack.control("POST", "/sandbox/inbound", body)) as { id: string };
  await stack.lead.decide(id, "approve");
  const hide = (fault: string) =>
    stack.control("POST", "/sandbox/faults", { fault, match: { method: "GET", path: `/emails/${id}` } });
  return { stack, emailId: id, hide };
}

async function lastIntent(stack: Stack): Promise<IntentData> {
  const [last] = await stack.records({ kind: "intent", newestFirst: true, limit: 1 });
  return last?.record.data ?? assert.fail("There is no intent");
}

test("a reply to an email that MultiMail does not show now fails at both doors, and may be tried again", async (t) => {
  const { stack, emailId, hide } = await receive(t);
  const dust = new DustClient(stack.gateway.url, stack.keyOf(FINANCE.as));
  const reply = { message_id: emailId, body: "Tomorrow." };
  const doors = {
    "the seed's route": () => stack.call("POST", "/v1/reply", { ...FINANCE, body: reply }),
    "MultiMail's route": () =>
      stack.call("POST", `/v1/mailboxes/mbx-finance/reply/${emailId}`, {
        ...FINANCE,
        body: { markdown: reply.body },
      }),
  };
  for (const fault of ["error_500_before", "drop_before_accept", "malformed_json"]) {
    for (const [door, ask] of Object.entries(doors)) {
      await hide(fault);
      const { status, body } = await ask();
      assert.deepEqual(
        [status, body.code, body.reasons],
        [503, "multimail_unavailable", []],
        `${fault}, ${door}`,
      );
      assert.match(body.error, /^The email replied to could not be read\. .*try again later/);
      const { effect, action, findings } = await lastIntent(stack);
      assert.deepEqual([effect, action, findings.map(({ rule }) => rule)], ["deny", "reply", ["reply"]]);
      assert.match(
        (await stack.call("GET", `/v1/receipts/${body.receipt}`, FINANCE)).body.status,
        /^denied$/,
      );
    }
    await hide(fault);
    const { text, isError } = await dust.call("reply_email", { email_id: emailId, body: reply.body });
    assert.equal(isError, true);
    assert.match(
      text,
      /^FAILED \(multimail_unavailable\): The email .* try again later.*; nothing was sent\./,
    );
    assert.doesNotMatch(text, /policy|rule/);
    // Not five failures in a row: then MultiMail would be left alone.
    assert.equal((await stack.call("GET", "/v1/mailboxes/mbx-finance", FINANCE)).status, 200);
  }
  assert.deepEqual((await stack.lead.listPending()).length, 0, "no reply has left");
  assert.equal((await doors["the seed's route"]()).body.status, "pending");
});

test("a reply to an email that MultiMail shows only later is told how long to wait", async (t) => {
  const { stack, emailId, hide } = await receive(t);
  await hide("rate_limited");
  const body = { message_id: emailId, body: "Tomorrow." };
  const limited = await stack.call("POST", "/v1/reply", { ...FINANCE, body });
  assert.deepEqual([limited.status, limited.body.code], [429, "multimail_rate"]);
  assert.equal(limited.headers.get("retry-after"), "1");
});

test("a reply to an email that MultiMail does not show is denied for what else is wrong with it", async (t) => {
  const { stack, emailId, hide } = await receive(t);
  await hide("error_500_before");
  const body = { message_id: emailId, body: "Tomorrow.", cc: ["ceo@rival.example"] };
  const denied = await stack.call("POST", "/v1/reply", { ...FINANCE, body });
  assert.deepEqual([denied.status, denied.body.code], [403, "policy_denied"]);
  const rules = denied.body.reasons.map(({ rule }: { rule: string }) => rule);
  assert.deepEqual(rules.sort(), ["recipients.deny", "reply"]);
});
