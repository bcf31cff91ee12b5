import assert from "node:assert/strict";
import { test } from "node:test";
import { openSandbox } from "../testing/open_sandbox.ts";

test("GET outbox shows every field of a delivery, in the order of delivery, and asks for no key", async (t) => {
  const sandbox = await openSandbox(t);
  const attachments = [{ name: "a.txt", content_base64: "SGk=", content_type: "text/plain" }];
  const held = await sandbox.send({}, "m2");
  const sent = await sandbox.send({ attachments, bcc: ["b@x.example"], idempotency_key: "k" });
  sandbox.advance();
  await sandbox.call("POST /v1/oversight/decide", { email_id: held, action: "approve" });
  const { body } = await sandbox.call<{ messages: unknown[] }>("GET /sandbox/outbox", undefined, null);
  assert.deepEqual(body.messages[0], {
    id: sent,
    mailbox_id: "m1",
    from: "one@team.example",
    to: ["customer@client.example"],
    cc: [],
    bcc: ["b@x.example"],
    subject: "Number 2",
    markdown: "Hello",
    attachments,
    delivered_at: "2026-11-23T10:00:01.000Z",
    idempotency_key: "k",
  });
  assert.deepEqual(await sandbox.outbox(), [sent, held]);
});

test("POST mailboxes sets what only a person at MultiMail could", async (t) => {
  const sandbox = await openSandbox(t);
  const settings = { oversight_mode: "autonomous", auto_bcc: "b@x.example", allowlist: ["*@x.example"] };
  const { status, body } = await sandbox.call("POST /sandbox/mailboxes/m2", settings);
  assert.equal(status, 200);
  assert.deepEqual({ ...body, ...settings }, body);
  assert.equal((await sandbox.call("GET /v1/mailboxes/m2/allowlist")).body.count, 1);
  assert.equal((await sandbox.call("POST /sandbox/mailboxes/none", {})).status, 404);
  assert.equal((await sandbox.call("POST /sandbox/mailboxes/m2", { allowlist: ["*"] })).status, 400);
});

test("POST emails gives an email any status, and POST decider names who decides", async (t) => {
  const sandbox = await openSandbox(t);
  const [first, second, third] = [
    await sandbox.send({}, "m2"),
    await sandbox.send({ subject: "Second" }, "m2"),
    await sandbox.send({ subject: "Third" }, "m2"),
  ];
  sandbox.advance();
  const shown = async (id: string) => (await sandbox.call(`GET /v1/mailboxes/m2/emails/${id}`)).body;
  const decide = (email_id: string, action: string) =>
    sandbox.call("POST /v1/oversight/decide", { email_id, action });
  await decide(first, "approve");
  assert.equal((await shown(first)).approved_by, "operator@sandbox.example");
  await sandbox.call("POST /sandbox/decider", { name: "lead@acme.example" });
  await decide(second, "approve");
  await decide(third, "reject");
  assert.equal((await shown(second)).approved_by, "lead@acme.example");
  const { status, approved_by, approved_at } = await shown(third);
  assert.deepEqual([status, approved_by, approved_at], ["rejected", "lead@acme.example", null]);
  await sandbox.call(`POST /sandbox/emails/${third}`, { status: "released" });
  assert.equal((await shown(third)).status, "released");
  assert.equal((await sandbox.call("POST /sandbox/emails/none", { status: "read" })).status, 404);
});

test("POST inbound refuses a mailbox, an original and a body that make no sense", async (t) => {
  const sandbox = await openSandbox(t);
  const mail = { mailbox_id: "m1", from: "a@x.example", subject: "Hi", markdown: "Hi" };
  const other = await sandbox.send({}, "m2");
  for (const [body, want] of [
    [{ ...mail, mailbox_id: "none" }, 404],
    [{ ...mail, in_reply_to: "none" }, 404],
    [{ ...mail, in_reply_to: other }, 404],
    [{ ...mail, from: undefined }, 400],
    [{ ...mail, to: "one@team.example" }, 400],
  ] as const) {
    assert.equal((await sandbox.call("POST /sandbox/inbound", body)).status, want);
  }
});

test("Unknown routes are 404 with MultiMail's error shape", async (t) => {
  const sandbox = await openSandbox(t);
  for (const request of [
    "GET /",
    "POST /v1/send",
    "GET /v1/mailboxes/m1/inbox",
    "GET /sandbox/none",
    "GET /v1/%",
  ]) {
    const { status, body } = await sandbox.call(request);
    assert.equal(status, 404, request);
    assert.deepEqual(body, { error: "No such route" });
  }
});
