import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import { openSandbox } from "../testing/open_sandbox.ts";

interface Hook {
  readonly signature: string;
  readonly text: string;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A receiver that answers with the given statuses, then with 200, and keeps what it got. */
async function openReceiver(t: TestContext, statuses: number[] = []) {
  const hooks: Hook[] = [];
  let wake = () => {};
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    const { event, data } = JSON.parse(text);
    hooks.push({ signature: String(request.headers["x-multimail-signature"]), text, event, data });
    response.writeHead(statuses.shift() ?? 200).end();
    wake();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    hooks,
    /** Resolves when `count` have come. */
    async wait(count: number): Promise<void> {
      while (hooks.length < count) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

test("WebhookSender signs the raw body and tells what happened to an email", { timeout: 5000 }, async (t) => {
  const receiver = await openReceiver(t);
  const sandbox = await openSandbox(t, { webhookUrl: receiver.url });
  const id = await sandbox.send({}, "m2");
  sandbox.advance();
  await sandbox.outbox();
  await receiver.wait(1);
  await sandbox.call("POST /v1/oversight/decide", { email_id: id, action: "approve" });
  await receiver.wait(4);
  assert.deepEqual(receiver.hooks.map(({ event }) => event).sort(), [
    "message.delivered",
    "message.sent",
    "oversight.approved",
    "oversight.pending",
  ]);
  for (const { signature, text, data } of receiver.hooks) {
    const hmac = createHmac("sha256", sandbox.webhookSecret).update(text).digest("hex");
    assert.equal(signature, `sha256=${hmac}`);
    assert.deepEqual(data, {
      email_id: id,
      from: "two@team.example",
      to: ["customer@client.example"],
      subject: "Number 1",
      direction: "outbound",
      has_attachments: false,
    });
  }
});

test("WebhookSender tells of inbound email when it may be seen", { timeout: 5000 }, async (t) => {
  const receiver = await openReceiver(t);
  const sandbox = await openSandbox(t, { webhookUrl: receiver.url });
  await sandbox.call("POST /sandbox/mailboxes/m2", { mode: "gated_all" });
  const mail = { mailbox_id: "m2", from: "a@x.example", subject: "Hi", markdown: "Hi" };
  const { id } = (await sandbox.call("POST /sandbox/inbound", mail)).body;
  await receiver.wait(1);
  await sandbox.call("POST /v1/oversight/decide", { email_id: id, action: "approve" });
  await receiver.wait(3);
  const events = receiver.hooks.map(({ event }) => event);
  assert.equal(events[0], "oversight.pending");
  assert.deepEqual(events.slice(1).sort(), ["message.received", "oversight.approved"]);
});

test("WebhookSender retries up to three times, then gives up", { timeout: 5000 }, async (t) => {
  const receiver = await openReceiver(t, [500, 503, 302, 500]);
  const sandbox = await openSandbox(t, { webhookUrl: receiver.url, webhookRetryMs: 5 });
  const receive = () =>
    sandbox.call("POST /sandbox/inbound", {
      mailbox_id: "m1",
      from: "a@x.example",
      subject: "",
      markdown: "",
    });
  const first = await receive();
  await receiver.wait(4);
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.deepEqual(
    receiver.hooks.map(({ data }) => data.email_id),
    Array(4).fill(first.body.id),
  );
  await receive();
  await receiver.wait(5);
});

test("WebhookSender tells only who subscribed, after the operator agreed", { timeout: 5000 }, async (t) => {
  const receiver = await openReceiver(t);
  const sandbox = await openSandbox(t);
  const body = { url: receiver.url, events: ["message.received"], mailbox_id: "m2" };
  assert.equal((await sandbox.call("POST /v1/webhooks", body)).status, 202);
  const approval_code = await sandbox.code();
  const other = { ...body, url: "https://evil.example/", approval_code };
  assert.equal((await sandbox.call("POST /v1/webhooks", other)).status, 403);
  const created = await sandbox.call("POST /v1/webhooks", { ...body, approval_code });
  assert.equal(created.status, 201);
  assert.equal(created.body.signing_secret, sandbox.webhookSecret);
  const { body: list } = await sandbox.call<{ subscriptions: Record<string, unknown>[] }>("GET /v1/webhooks");
  assert.equal(list.subscriptions.length, 1);
  assert.equal(JSON.stringify(list).includes("whsec_"), false);

  const ids: unknown[] = [];
  for (const mailbox_id of ["m1", "m2"]) {
    const mail = { mailbox_id, from: "a@x.example", subject: "", markdown: "" };
    ids.push((await sandbox.call("POST /sandbox/inbound", mail)).body.id);
  }
  await receiver.wait(1);
  assert.deepEqual(
    receiver.hooks.map(({ data }) => data.email_id),
    [ids[1]],
  );
});

test("POST webhooks refuses other schemes, unknown events and unknown mailboxes", async (t) => {
  const sandbox = await openSandbox(t);
  const body = { url: "https://x.example/", events: ["message.sent"] };
  for (const [wrong, want] of [
    [{ ...body, url: "file:///etc/passwd" }, 400],
    [{ ...body, url: "x" }, 400],
    [{ ...body, events: [] }, 400],
    [{ ...body, events: ["email.received"] }, 400],
    [{ ...body, mailbox_id: "none" }, 404],
  ] as const) {
    assert.equal((await sandbox.call("POST /v1/webhooks", wrong)).status, want);
  }
});

test("WebhookSender also tells a mailbox's own addresses", { timeout: 5000 }, async (t) => {
  const messages = await openReceiver(t);
  const oversight = await openReceiver(t);
  const sandbox = await openSandbox(t);
  const urls = { webhook_url: messages.url, oversight_webhook_url: oversight.url };
  await sandbox.call("PATCH /v1/mailboxes/m2", urls);
  await sandbox.call("POST /sandbox/inbound", {
    mailbox_id: "m2",
    from: "a@x.example",
    subject: "",
    markdown: "",
  });
  await sandbox.send({}, "m2");
  sandbox.advance();
  await sandbox.outbox();
  await messages.wait(1);
  await oversight.wait(1);
  assert.equal(messages.hooks[0]?.event, "message.received");
  assert.equal(oversight.hooks[0]?.event, "oversight.pending");
});
