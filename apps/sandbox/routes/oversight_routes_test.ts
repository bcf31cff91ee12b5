import assert from "node:assert/strict";
import { test } from "node:test";
import { openSandbox } from "../testing/open_sandbox.ts";

interface Pending {
  readonly emails: readonly Readonly<Record<string, unknown>>[];
}

test("GET pending shows the whole account, without what approvers would need most", async (t) => {
  const sandbox = await openSandbox(t);
  const attachments = [{ name: "a.txt", content_base64: "SGk=", content_type: "text/plain" }];
  const id = await sandbox.send({ cc: ["c@x.example"], bcc: ["d@x.example"], attachments }, "m2");
  await sandbox.call("POST /sandbox/mailboxes/m1", { mode: "gated_all" });
  const mail = { mailbox_id: "m1", from: "a@x.example", subject: "Hi", markdown: "Hi" };
  const inbound = await sandbox.call("POST /sandbox/inbound", mail);
  assert.equal(inbound.body.status, "pending_inbound_approval");
  sandbox.advance();
  const { body } = await sandbox.call<Pending>("GET /v1/oversight/pending", undefined, sandbox.oversightKey);
  assert.deepEqual(body.emails.map((email) => email.id).sort(), [inbound.body.id, id].sort());
  for (const email of body.emails) {
    assert.deepEqual(Object.keys(email).sort(), [
      "body_markdown",
      "direction",
      "from",
      "id",
      "mailbox_id",
      "received_at",
      "status",
      "subject",
      "to",
    ]);
  }
});

test("POST decide approves and sends, or rejects, once", async (t) => {
  const sandbox = await openSandbox(t);
  const approved = await sandbox.send({}, "m2");
  const rejected = await sandbox.send({}, "m2");
  const decide = (email_id: unknown, action: unknown) =>
    sandbox.call("POST /v1/oversight/decide", { email_id, action, reason: "Because" }, sandbox.oversightKey);
  assert.equal((await decide(approved, "approve")).status, 409, "it is still being scanned");
  sandbox.advance();
  const answer = await decide(approved, "approve");
  assert.equal(answer.body.status, "approved_and_sent");
  assert.equal(typeof answer.body.postmark_message_id, "string");
  assert.deepEqual((await decide(rejected, "reject")).body, { status: "rejected" });
  for (const id of [approved, rejected]) assert.equal((await decide(id, "approve")).status, 409);
  assert.deepEqual(await sandbox.outbox(), [approved]);
  const { body } = await sandbox.call(`GET /v1/mailboxes/m2/emails/${approved}`);
  assert.equal(typeof body.approved_at, "string");
  assert.equal(await sandbox.statusOf(rejected, "m2"), "rejected");
  assert.equal((await decide("none", "approve")).status, 404);
  assert.equal((await decide(approved, "edit")).status, 400);
  assert.equal((await decide(1, "approve")).status, 400);
});

test("POST decide shows or hides what came into a gated_all mailbox", async (t) => {
  const sandbox = await openSandbox(t);
  await sandbox.call("POST /sandbox/mailboxes/m2", { mode: "gated_all" });
  for (const [action, want, status] of [
    ["approve", "approved", "unread"],
    ["reject", "rejected", "rejected"],
  ]) {
    const mail = { mailbox_id: "m2", from: "a@x.example", subject: "Hi", markdown: "Hi" };
    const { id } = (await sandbox.call<{ id: string }>("POST /sandbox/inbound", mail)).body;
    const answer = await sandbox.call("POST /v1/oversight/decide", { email_id: id, action });
    assert.deepEqual(answer.body, { status: want });
    assert.equal(await sandbox.statusOf(id, "m2"), status);
  }
});
