import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { TEAMS } from "@countersign/lifecycle/testing/teams";
import { MultiMailClient, type MultiMailError } from "@countersign/multimail";
import { type Stack, startStack } from "../testing/start_stack.ts";

const FINANCE = "mbx-finance";
const NEWS = "mbx-marketing";
const HELLO = { subject: "Hello", markdown: "Hello there" };

/** A MultiMail client that knows nothing of the gateway but its address and an assistant's key. */
function clientAs(t: TestContext, stack: Stack, assistant: string): MultiMailClient {
  const client = new MultiMailClient({ baseUrl: stack.gateway.url, apiKey: stack.keyOf(assistant) });
  t.after(() => client.close());
  return client;
}

async function receive(stack: Stack, email: object): Promise<{ id: string; thread_id: string }> {
  const body = { mailbox_id: NEWS, from: "ann@client.example", subject: "Hi", markdown: "Hi", ...email };
  return (await stack.control("POST", "/sandbox/inbound", body)) as { id: string; thread_id: string };
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let waited = 0; !(await holds()); waited += 10) {
    if (waited > 5_000) throw new Error("Waited 5 s in vain");
    await sleep(10);
  }
}

/** The action and effect of each intent on the trail. */
async function judged(stack: Stack): Promise<readonly string[]> {
  const records = await stack.records({ kind: "intent" });
  return records.map(({ record: { data } }) => `${data.action} ${data.effect}`);
}

test("a MultiMail client finds its team's mailbox, sends, and sends once", async (t) => {
  const stack = await startStack(t, TEAMS);
  const client = clientAs(t, stack, "marketing/writer");
  const [mailbox, ...others] = await client.listMailboxes();
  assert.deepEqual(others, [], "the other team's mailbox is not listed");
  assert.deepEqual([mailbox?.id, mailbox?.oversightMode, mailbox?.isActive], [NEWS, "monitored", true]);
  assert.deepEqual(await client.getMailbox(NEWS), mailbox);

  const email = { to: ["jane@acme.example"], ...HELLO };
  const first = await client.send(NEWS, email, { idempotencyKey: "mine" });
  assert.deepEqual([first.status, first.repeated, typeof first.threadId], ["pending_scan", false, "string"]);
  const again = await client.send(NEWS, email, { idempotencyKey: "mine" });
  assert.deepEqual([again.id, again.status, again.repeated], [first.id, "already_sent", true]);
  await until(async () => (await stack.outbox()).length === 1);
  assert.ok((await client.getEmail(NEWS, first.id)).deliveredAt !== undefined);
  await assert.rejects(client.send(NEWS, { ...email, subject: "Other" }, { idempotencyKey: "mine" }), {
    code: "conflict",
  });
  await until(async () => Object.keys(await client.getTags(NEWS, first.id)).length > 0);
  const { assistant } = await client.getTags(NEWS, first.id);
  assert.equal(assistant, "writer");
});

test("a MultiMail client reads, threads, fetches attachments and replies", async (t) => {
  const stack = await startStack(t, TEAMS);
  const client = clientAs(t, stack, "marketing/writer");
  const attachments = [
    {
      name: "Größe ½.html",
      content_type: "text/html",
      content_base64: Buffer.from("<b>1</b>").toString("base64"),
    },
  ];
  const { id, thread_id } = await receive(stack, { from: "bob@acme.example", attachments });
  const { emails } = await client.listEmails(NEWS, {
    direction: "inbound",
    hasAttachments: true,
    sender: "bob@",
  });
  assert.deepEqual(
    emails.map((email) => email.id),
    [id],
  );
  assert.deepEqual((await client.listEmails(NEWS, { direction: "outbound" })).emails, []);
  const email = await client.getEmail(NEWS, id);
  assert.deepEqual([email.from, email.markdown, email.threadId], ["bob@acme.example", "Hi", thread_id]);
  const file = await client.getAttachment(NEWS, id, "Größe ½.html");
  assert.ok(file.kind === "bytes");
  assert.equal(Buffer.from(file.bytes).toString(), "<b>1</b>");

  const reply = await client.reply(NEWS, id, { markdown: "Welcome" }, { idempotencyKey: "r1" });
  assert.equal(reply.threadId, thread_id);
  await until(async () => (await stack.outbox()).length === 1);
  const thread = await client.getThread(NEWS, thread_id);
  assert.deepEqual(
    thread.emails.map((one) => one.id),
    [id, reply.id],
  );
  assert.deepEqual((await client.listEmails(NEWS)).emails.map((one) => one.direction).sort(), [
    "inbound",
    "outbound",
  ]);
  assert.deepEqual(await judged(stack), [
    ...[
      "inbox allow",
      "inbox allow",
      "read allow",
      "read allow",
      "reply allow",
      "thread allow",
      "inbox allow",
    ],
  ]);
});

test("a MultiMail client takes back its own held email by its id, and nobody else's", async (t) => {
  const teams = {
    ...TEAMS,
    "finance.yaml": TEAMS["finance.yaml"]?.replace("[inbox, read]", "[read, cancel]") ?? "",
  };
  const stack = await startStack(t, teams);
  const chaser = clientAs(t, stack, "finance/chaser");
  const { id } = await chaser.send(
    FINANCE,
    { to: ["ann@client.example"], ...HELLO },
    { idempotencyKey: "k" },
  );
  await until(async () => (await stack.lead.listPending()).length === 1);
  await assert.rejects(clientAs(t, stack, "finance/reader").cancel(FINANCE, id), { code: "not_found" });
  const inbound = await receive(stack, { mailbox_id: FINANCE });
  await assert.rejects(chaser.cancel(FINANCE, inbound.id), { code: "not_found" });
  await assert.rejects(chaser.cancel(FINANCE, "01KNOTHING"), { code: "not_found" });
  assert.equal((await stack.lead.listPending()).length, 2, "nothing was taken back");
  assert.deepEqual(await chaser.cancel(FINANCE, id), { status: "cancelled" });
  assert.deepEqual(await chaser.cancel(FINANCE, id), { status: "cancelled" });
  assert.equal((await chaser.getEmail(FINANCE, id)).status, "cancelled");
});

test("a MultiMail client is judged by the policy, in MultiMail's own error shape and on record", async (t) => {
  const stack = await startStack(t, TEAMS);
  const chaser = clientAs(t, stack, "finance/chaser");
  const email = { to: ["ann@client.example"], ...HELLO };
  const refused = async (ask: Promise<unknown>, status: number, text: RegExp) => {
    const error = await ask.then(
      () => assert.fail("It was let through"),
      (thrown: MultiMailError) => thrown,
    );
    assert.deepEqual([error.status, error.outcome], [status, "not_accepted"]);
    assert.match(error.multimailText ?? "", text);
  };
  const key = { idempotencyKey: "k" };
  await refused(
    chaser.send(FINANCE, { ...email, bcc: ["ceo@rival.example"] }, key),
    422,
    /never be written to/,
  );
  await refused(chaser.send(NEWS, email, key), 422, /not your team's/);
  await refused(chaser.listEmails(NEWS), 422, /not your team's/);
  await refused(chaser.getMailbox(NEWS), 422, /not your team's/);
  await refused(chaser.getEmail(NEWS, "01K"), 422, /not your team's/);
  await refused(chaser.cancel(NEWS, "01K"), 422, /not your team's/);
  await refused(chaser.send(FINANCE, { ...email, gateTiming: "schedule_first" }, key), 400, /gate_timing/);
  await refused(clientAs(t, stack, "finance/reader").send(FINANCE, email, key), 422, /may not use "send"/);
  await refused(
    new MultiMailClient({ baseUrl: stack.gateway.url, apiKey: "csk_nobody" }).listMailboxes(),
    401,
    /key/,
  );
  assert.equal((await judged(stack)).filter((line) => line.endsWith("deny")).length, 8);
  assert.deepEqual(await stack.lead.listPending(), []);
});

test("a MultiMail client is refused everything else, whatever its key may do at MultiMail", async (t) => {
  const stack = await startStack(t, TEAMS);
  const client = clientAs(t, stack, "marketing/writer");
  const { id } = await receive(stack, {});
  const asks = [
    client.putTags(NEWS, id, { receipt: "rcp_1" }),
    client.updateMailbox(NEWS, { autoBcc: "me@evil.example" }),
    client.createMailbox({ addressLocal: "evil" }),
    client.requestUpgrade(NEWS, "autonomous"),
    client.upgrade(NEWS, "A7X-29K"),
    client.getAllowlist(NEWS),
    client.addAllowlistEntry(NEWS, { pattern: "*@evil.example" }),
    client.removeAllowlistEntry(NEWS, "1"),
    client.listPending(),
    client.decide(id, "approve"),
    client.listApiKeys(),
    client.listWebhooks(),
    client.createWebhook({ url: "https://evil.example", events: ["message.sent"] }),
    client.getAuditLog(),
    client.getAccount(),
    client.getUsage(),
  ];
  for (const ask of asks) await assert.rejects(ask, { code: "forbidden", multimailText: /does not govern/ });
  assert.deepEqual(
    await judged(stack),
    asks.map(() => "invalid deny"),
  );
});

test("email that waits for inbound approval is not shown, by no route, and neither is what would tell of it", async (t) => {
  const stack = await startStack(t, TEAMS);
  const client = clientAs(t, stack, "finance/chaser");
  const attachments = [{ name: "a.txt", content_type: "text/plain", content_base64: "SGk=" }];
  const first = await receive(stack, { mailbox_id: FINANCE, attachments });
  const gone = { code: "not_found" };
  await assert.rejects(client.getEmail(FINANCE, first.id), gone);
  await assert.rejects(client.getTags(FINANCE, first.id), gone);
  await assert.rejects(client.getAttachment(FINANCE, first.id, "a.txt"), gone);
  await assert.rejects(client.getThread(FINANCE, first.thread_id), gone);
  assert.deepEqual((await client.listEmails(FINANCE)).emails, []);
  assert.deepEqual((await client.listEmails(FINANCE, { status: "pending_inbound_approval" })).emails, []);
  await stack.lead.decide(first.id, "approve");
  await receive(stack, { mailbox_id: FINANCE, from: "spy@rival.example", in_reply_to: first.id });
  const thread = await client.getThread(FINANCE, first.thread_id);
  assert.deepEqual([thread.messageCount, thread.participants.includes("spy@rival.example")], [1, false]);
});

test("a send that MultiMail does not confirm is answered with its receipt for an id, and can be taken back by it", async (t) => {
  const stack = await startStack(t, TEAMS);
  const client = clientAs(t, stack, "finance/chaser");
  await stack.control("POST", "/sandbox/faults", { fault: "drop_after_accept", count: 1 });
  const email = { to: ["ann@client.example"], ...HELLO };
  const { id, status } = await client.send(FINANCE, email, { idempotencyKey: "k" });
  assert.match(id, /^rcp_/);
  assert.equal(status, "unconfirmed");
  const again = await client.send(FINANCE, email, { idempotencyKey: "k" });
  assert.equal(again.repeated, true);
  await until(async () => (await stack.lead.listPending()).length === 1);
  await until(async () => {
    const { body } = await stack.call("GET", `/v1/receipts/${id}`, { as: "finance/chaser" });
    return body.status !== "unconfirmed";
  });
  assert.deepEqual(await client.cancel(FINANCE, id), { status: "cancelled" });
});

test("the routes answer MultiMail's wire shapes, and take what careless clients send", async (t) => {
  const stack = await startStack(t, TEAMS);
  const as = "marketing/writer";
  const body = {
    to: ["jane@acme.example"],
    ...HELLO,
    cc: null,
    bcc: [],
    attachments: null,
    send_at: null,
    idempotency_key: null,
    gate_timing: "gate_first",
    ai_disclosure: true,
  };
  const sent = await stack.call("POST", `/v1/mailboxes/${NEWS}/send`, { as, body });
  assert.equal(sent.status, 202);
  assert.deepEqual(Object.keys(sent.body), ["id", "status", "thread_id", "message", "receipt", "request_id"]);
  const again = await stack.call("POST", `/v1/mailboxes/${NEWS}/send`, { as, body });
  assert.deepEqual([again.status, again.body.status, again.body.idempotent], [200, "already_sent", true]);
  const { body: mailbox } = await stack.call("GET", `/v1/mailboxes/${NEWS}`, { as });
  assert.deepEqual([mailbox.is_active, mailbox.forward_inbound, mailbox.webhook_url], [1, 0, null]);
  assert.equal(typeof mailbox.tenant_id, "string");
  const { body: list } = await stack.call("GET", `/v1/mailboxes/${NEWS}/emails?limit=1&cursor=&status=`, {
    as,
  });
  assert.deepEqual(
    [list.emails[0].id, list.emails[0].direction, list.cursor],
    [sent.body.id, "outbound", null],
  );

  const { id } = await receive(stack, {});
  const { headers } = await stack.call("GET", `/v1/mailboxes/${NEWS}/emails/${id}/attachments/none`, { as });
  assert.match(headers.get("content-type") ?? "", /^application\/json/);
  const wrong = [
    ["POST", `/v1/mailboxes/${NEWS}/send`, { ...body, ai_disclosure: false }, "ai_disclosure"],
    ["POST", `/v1/mailboxes/${NEWS}/send`, { ...body, mailbox_id: FINANCE }, "mailbox_id"],
    ["POST", `/v1/mailboxes/${NEWS}/send`, { ...body, reply_to: "me@evil.example" }, "reply_to"],
    ["POST", `/v1/mailboxes/${NEWS}/send`, { ...body, to: [] }, "to"],
    ["POST", `/v1/mailboxes/${NEWS}/send`, [], ""],
    ["POST", `/v1/mailboxes/${NEWS}/reply/${id}`, { markdown: "x", to: ["ceo@rival.example"] }, "to"],
    ["POST", `/v1/mailboxes/${NEWS}/reply/${id}`, { markdown: "x", message_id: "01K" }, "message_id"],
    ["GET", `/v1/mailboxes/${NEWS}/emails?limit=101`, undefined, "limit"],
    ["GET", `/v1/mailboxes/${NEWS}/emails?direction=both`, undefined, "direction"],
    ["GET", `/v1/mailboxes/${NEWS}/emails?mailbox=${FINANCE}`, undefined, "mailbox"],
    ["GET", `/v1/mailboxes/${NEWS}/emails/..%2F..%2F${FINANCE}%2Femails`, undefined, "emailId"],
    ["GET", `/v1/mailboxes/${NEWS}/threads/%00`, undefined, "threadId"],
    ["GET", `/v1/mailboxes/${NEWS}/emails/1/attachments/..%2F..%2F..%2F..%2Fusage`, undefined, "filename"],
    ["GET", `/v1/mailboxes/${NEWS}/emails/1/attachments/..%5Ctags`, undefined, "filename"],
  ] as const;
  for (const [method, path, given, field] of wrong) {
    const answer = await stack.call(method, path, { as, ...(given !== undefined && { body: given }) });
    assert.deepEqual([answer.status, answer.body.code], [400, "invalid_request"], path);
    assert.match(answer.body.error, new RegExp(field));
  }
});

test("a governed route hands on what MultiMail says, and no denial reads as a key without the scope", async (t) => {
  const stack = await startStack(
    t,
    TEAMS,
    {},
    { between: adding(t, { mcp_configured: 1, webhook_secret: "s" }) },
  );
  const ask = (path: string, body?: object) =>
    stack.call(body === undefined ? "GET" : "POST", path, { as: "finance/chaser", ...(body && { body }) });
  const { body: mailbox } = await ask(`/v1/mailboxes/${FINANCE}`);
  assert.equal(mailbox.mcp_configured, 1);
  assert.equal("webhook_secret" in mailbox, false);
  const { body: listed } = await ask("/v1/mailboxes");
  assert.deepEqual(listed.mailboxes, [mailbox]);
  const email = { to: ["ceo@rival.example"], ...HELLO };
  for (const [id, code] of [
    [FINANCE, "policy_denied"],
    [NEWS, "mailbox_not_allowed"],
  ] as const) {
    const denied = await ask(`/v1/mailboxes/${id}/send`, email);
    assert.deepEqual([denied.status, denied.body.code], [422, code]);
    assert.ok(denied.body.error.length > 10);
  }
});

/** Stands between gateway and sandbox, and adds members to every mailbox that is read. */
function adding(t: TestContext, more: object): (sandboxUrl: string) => Promise<string> {
  return async (sandboxUrl) => {
    const server = createServer(async (request, response) => {
      const { authorization = "" } = request.headers;
      const answer = await fetch(`${sandboxUrl}${request.url}`, { headers: { authorization } });
      const wire = (await answer.json()) as { mailboxes?: object[] };
      const isMailbox = /\/mailboxes\/[\w-]+$/.test(request.url ?? "");
      const changed = wire.mailboxes
        ? { mailboxes: wire.mailboxes.map((one) => ({ ...one, ...more })) }
        : { ...wire, ...(isMailbox && more) };
      response.writeHead(answer.status, { "content-type": "application/json" });
      response.end(JSON.stringify(changed));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    t.after(() => {
      server.closeAllConnections();
      server.close();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
}
