import assert from "node:assert/strict";
import { test } from "node:test";
import { type OpenSandbox, openSandbox } from "../testing/open_sandbox.ts";

const later = "2026-12-24T10:00:00Z";

async function receive(sandbox: OpenSandbox, mode: string): Promise<string> {
  await sandbox.call("POST /sandbox/mailboxes/m2", { mode });
  const mail = { mailbox_id: "m2", from: "a@x.example", subject: "Hi", markdown: "Hi" };
  return (await sandbox.call<{ id: string }>("POST /sandbox/inbound", mail)).body.id;
}

async function decided(sandbox: OpenSandbox, action: string): Promise<string> {
  const id = await sandbox.send({}, "m2");
  sandbox.advance();
  await sandbox.call("POST /v1/oversight/decide", { email_id: id, action });
  return id;
}

test("cancelEmail() works until an email has left or was refused", async (t) => {
  const cases: readonly [status: string, make: (sandbox: OpenSandbox) => Promise<string>, want: 200 | 409][] =
    [
      ["pending_scan", (sandbox) => sandbox.send({}, "m2"), 200],
      [
        "pending_send_approval",
        async (sandbox) => {
          const id = await sandbox.send({}, "m2");
          sandbox.advance();
          return id;
        },
        200,
      ],
      [
        "scheduled",
        async (sandbox) => {
          const id = await sandbox.send({ send_at: later, gate_timing: "schedule_first" }, "m2");
          sandbox.advance();
          return id;
        },
        200,
      ],
      ["pending_inbound_approval", (sandbox) => receive(sandbox, "gated_all"), 200],
      ["unread", (sandbox) => receive(sandbox, "gated_send"), 409],
      ["read", (sandbox) => decided(sandbox, "approve"), 409],
      ["rejected", (sandbox) => decided(sandbox, "reject"), 409],
    ];
  for (const [status, make, want] of cases) {
    await t.test(`${status} gives ${want}`, async (t) => {
      const sandbox = await openSandbox(t);
      const id = await make(sandbox);
      assert.equal(await sandbox.statusOf(id, "m2"), status);
      const delivered = await sandbox.outbox();
      for (let again = 0; again < 2; again++) {
        const answer = await sandbox.call(`POST /v1/mailboxes/m2/emails/${id}/cancel`);
        assert.equal(answer.status, want);
        if (want === 200) assert.deepEqual(answer.body, { id, status: "cancelled" });
      }
      sandbox.advance(60 * 24 * 3600_000);
      assert.deepEqual(await sandbox.outbox(), delivered);
      const { body } = await sandbox.call<{ emails: unknown[] }>("GET /v1/oversight/pending");
      assert.deepEqual(body.emails, []);
    });
  }
});
