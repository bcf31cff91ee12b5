import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "@countersign/lifecycle/testing/until";
import { MultiMailClient } from "@countersign/multimail";
import { DustClient } from "../testing/dust_client.ts";
import { startStack } from "../testing/start_stack.ts";

const FOOTER = "Acme SA, registered in Paris";
const TEAMS = {
  "support.yaml": `
team: support
mailbox: { id: mbx-support, address: support@acme.multimail.dev }
oversight: monitored
assistants: [{ id: bot, actions: [send, reply, report, inbox, read, thread, status, cancel], keys: ["KEY"] }]
recipients: { internal: [acme.example, client.example], external: deny }
compose: { subject_prefix: "[Acme] ", footer: "${FOOTER}", cc: [records@acme.example], bcc: [archive@acme.example] }
require: { body: { pattern: "(?i)order", wanted: what order it is about } }
`,
};
const ADDED = /Your team's policy added (?:a subject prefix and )?a footer/;
const COPIED = /records@acme\.example, archive@acme\.example: Gets a copy, as your team's policy says/;
const WANTED = /The body lacks what your team's policy requires of it: what order it is about/;

test("Every door and every route sends what the policy adds, tells of it, and finds it so at MultiMail", async (t) => {
  const stack = await startStack(t, TEAMS);
  const as = "support/bot";
  const dust = new DustClient(stack.gateway.url, stack.keyOf(as));
  const client = new MultiMailClient({ baseUrl: stack.gateway.url, apiKey: stack.keyOf(as) });
  t.after(() => client.close());
  const receive = async (from: string) => {
    const inbound = { mailbox_id: "mbx-support", from, subject: "Question", markdown: "?" };
    return ((await stack.control("POST", "/sandbox/inbound", inbound)) as { id: string }).id;
  };
  const to = "jane@client.example";
  const post = async (path: string, body: object) => (await stack.call("POST", path, { as, body })).body;
  const answers: Readonly<Record<string, string>> = {
    rest: (await post("/v1/send", { to, subject: "One", body: "Your order 1" })).message,
    restReply: (await post("/v1/reply", { message_id: await receive("a@client.example"), body: "Order 2" }))
      .message,
    multimail: (
      await post("/v1/mailboxes/mbx-support/send", { to: [to], subject: "Three", markdown: "Your order 3" })
    ).message,
    mcp: (await dust.call("send_email", { to: [to], subject: "Four", body: "Your order 4" })).text,
    mcpReply: (
      await dust.call("reply_email", { email_id: await receive("b@client.example"), body: "Order 5" })
    ).text,
    report: (await dust.call("send_report", { period: "Week 47", metrics: { orders: 6 }, recipients: [to] }))
      .text,
  };
  for (const [door, answer] of Object.entries(answers)) {
    assert.match(answer, ADDED, door);
    assert.match(answer, COPIED, door);
  }
  const emails = await until(async () => {
    const outbox = await stack.outbox();
    return outbox.length === 6 ? outbox : undefined;
  });
  for (const { subject, cc, bcc, markdown } of emails) {
    assert.match(subject, /^(?:\[Acme\] (?!\[)|Re: Question)/);
    assert.deepEqual([cc, bcc], [["records@acme.example"], ["archive@acme.example"]], subject);
    assert.equal(markdown.split(FOOTER).length, 2, subject);
  }
  const readbacks = await until(async () => {
    const records = await stack.records({ kind: "readback" });
    return records.length >= 6 ? records : undefined;
  });
  assert.deepEqual(
    readbacks.flatMap(({ record: { data } }) => data.differences),
    [],
  );

  const lacking = { to: [to], subject: "Seven", body: "Hello" };
  assert.match((await dust.call("send_email", lacking)).text, WANTED);
  assert.match((await post("/v1/send", lacking)).error, WANTED);
  await assert.rejects(
    client.send("mbx-support", { to: [to], subject: "Seven", markdown: "Hello" }, { idempotencyKey: "7" }),
    WANTED,
  );
  assert.equal((await stack.outbox()).length, 6);
});
