import assert from "node:assert/strict";
import { test } from "node:test";
import { MultiMailClient } from "./multimail_client.ts";
import { MultiMailError } from "./multimail_error.ts";
import { startFakeServer } from "./testing/fake_server.ts";

const API_KEY = "mm_test_5f2c";
const ACCEPTED = { id: "01E", status: "pending_scan", thread_id: "01T" };
const SUMMARY = { id: "01E", from: "a@x.example", to: ["b@y.example"], subject: "Hi", status: "unread" };
const SUMMARY_CONVERTED = { ...SUMMARY, cc: [] };
const MAILBOX = { id: "01M", address: "finance@x.example", oversight_mode: "gated_all" };
const WEBHOOK = { id: "01W", url: "https://x.example/hook", events: ["message.sent"] };

interface Case {
  readonly call: (client: MultiMailClient) => Promise<unknown>;
  readonly sends: readonly [method: string, path: string, body?: unknown];
  readonly gets: readonly [status: number, json: unknown];
  readonly gives: unknown;
}

const CASES: Readonly<Record<string, Case>> = {
  "send()": {
    call: (client) =>
      client.send(
        "01M",
        {
          to: ["b@y.example"],
          cc: ["c@y.example"],
          bcc: ["d@y.example"],
          subject: "Hi",
          markdown: "*there*",
          attachments: [{ name: "a.txt", contentType: "text/plain", contentBase64: "aGk=" }],
          sendAt: "2026-01-02T03:04:05Z",
          gateTiming: "gate_first",
        },
        { idempotencyKey: "k1" },
      ),
    sends: [
      "POST",
      "/v1/mailboxes/01M/send",
      {
        to: ["b@y.example"],
        subject: "Hi",
        send_at: "2026-01-02T03:04:05Z",
        gate_timing: "gate_first",
        markdown: "*there*",
        cc: ["c@y.example"],
        bcc: ["d@y.example"],
        attachments: [{ name: "a.txt", content_base64: "aGk=", content_type: "text/plain" }],
        idempotency_key: "k1",
      },
    ],
    gets: [202, { ...ACCEPTED, message: "new fields are no matter" }],
    gives: { id: "01E", status: "pending_scan", threadId: "01T", repeated: false },
  },
  "send() with a key used before": {
    call: (client) =>
      client.send("01M", { to: ["b@y.example"], subject: "", markdown: "" }, { idempotencyKey: "k1" }),
    sends: [
      "POST",
      "/v1/mailboxes/01M/send",
      { to: ["b@y.example"], subject: "", markdown: "", idempotency_key: "k1" },
    ],
    gets: [200, { id: "01E", status: "already_sent", idempotent: 1, thread_id: null }],
    gives: { id: "01E", status: "already_sent", repeated: true },
  },
  "reply()": {
    call: (client) =>
      client.reply("01M", "01E", { markdown: "Yes", cc: ["c@y.example"] }, { idempotencyKey: "k1" }),
    sends: [
      "POST",
      "/v1/mailboxes/01M/reply/01E",
      { markdown: "Yes", cc: ["c@y.example"], idempotency_key: "k1" },
    ],
    gets: [202, ACCEPTED],
    gives: { id: "01E", status: "pending_scan", threadId: "01T", repeated: false },
  },
  "listEmails()": {
    call: (client) =>
      client.listEmails("01M", {
        limit: 5,
        cursor: "c",
        sinceId: "01A",
        status: "unread",
        sender: "a+b@x.example",
        subjectContains: "ü & co",
        dateAfter: "2026-01-01",
        dateBefore: "2026-02-01",
        direction: "inbound",
        hasAttachments: false,
      }),
    sends: [
      "GET",
      "/v1/mailboxes/01M/emails?limit=5&cursor=c&since_id=01A&status=unread&sender=a%2Bb%40x.example&subject_contains=%C3%BC+%26+co&date_after=2026-01-01&date_before=2026-02-01&direction=inbound&has_attachments=false",
    ],
    gets: [200, { emails: [{ ...SUMMARY, received_at: "2026-01-02T03:04:05Z" }], cursor: "next" }],
    gives: { emails: [{ ...SUMMARY_CONVERTED, receivedAt: "2026-01-02T03:04:05.000Z" }], cursor: "next" },
  },
  "getEmail()": {
    call: (client) => client.getEmail("01M", "01E"),
    sends: ["GET", "/v1/mailboxes/01M/emails/01E"],
    gets: [
      200,
      {
        ...SUMMARY,
        markdown: "Hello",
        has_attachments: 1,
        attachments: [{ name: "a.pdf", size: 3, content_type: "application/pdf" }],
        tags: { k: "v" },
        delivered_at: null,
      },
    ],
    gives: {
      ...SUMMARY_CONVERTED,
      hasAttachments: true,
      markdown: "Hello",
      attachments: [{ name: "a.pdf", size: 3, contentType: "application/pdf" }],
      tags: { k: "v" },
    },
  },
  "getThread()": {
    call: (client) => client.getThread("01M", "01T"),
    sends: ["GET", "/v1/mailboxes/01M/threads/01T"],
    gets: [
      200,
      {
        thread_id: "01T",
        message_count: 1,
        participants: ["a@x.example"],
        has_unanswered_inbound: 0,
        emails: [SUMMARY],
      },
    ],
    gives: {
      threadId: "01T",
      messageCount: 1,
      participants: ["a@x.example"],
      hasUnansweredInbound: false,
      emails: [SUMMARY_CONVERTED],
    },
  },
  "cancel()": {
    call: (client) => client.cancel("01M", "01E"),
    sends: ["POST", "/v1/mailboxes/01M/emails/01E/cancel"],
    gets: [200, { id: "01E", status: "cancelled" }],
    gives: { status: "cancelled" },
  },
  "getTags()": {
    call: (client) => client.getTags("01M", "01E"),
    sends: ["GET", "/v1/mailboxes/01M/emails/01E/tags"],
    gets: [200, { tags: { k: "v" } }],
    gives: { k: "v" },
  },
  "putTags()": {
    call: (client) => client.putTags("01M", "01E", { k: "v" }),
    sends: ["PUT", "/v1/mailboxes/01M/emails/01E/tags", { tags: { k: "v" } }],
    gets: [200, { tags: { k: "v", older: "w" } }],
    gives: { k: "v", older: "w" },
  },
  "listMailboxes()": {
    call: (client) => client.listMailboxes(),
    sends: ["GET", "/v1/mailboxes"],
    gets: [200, { mailboxes: [MAILBOX] }],
    gives: [{ id: "01M", address: "finance@x.example", oversightMode: "gated_all" }],
  },
  "getMailbox()": {
    call: (client) => client.getMailbox("01M"),
    sends: ["GET", "/v1/mailboxes/01M"],
    gets: [
      200,
      {
        ...MAILBOX,
        auto_cc: null,
        auto_bcc: "boss@x.example",
        is_active: 1,
        forward_inbound: 0,
        created_at: 1767323045000,
      },
    ],
    gives: {
      id: "01M",
      address: "finance@x.example",
      oversightMode: "gated_all",
      autoCc: null,
      autoBcc: "boss@x.example",
      isActive: true,
      forwardInbound: false,
      createdAt: "2026-01-02T03:04:05.000Z",
    },
  },
  "updateMailbox()": {
    call: (client) =>
      client.updateMailbox("01M", { oversightMode: "gated_all", autoBcc: null, forwardInbound: false }),
    sends: [
      "PATCH",
      "/v1/mailboxes/01M",
      { oversight_mode: "gated_all", auto_bcc: null, forward_inbound: false },
    ],
    gets: [200, { status: "updated" }],
    gives: undefined,
  },
  "requestUpgrade()": {
    call: (client) => client.requestUpgrade("01M", "monitored"),
    sends: ["POST", "/v1/mailboxes/01M/request-upgrade", { target_mode: "monitored" }],
    gets: [200, { status: "upgrade_requested" }],
    gives: undefined,
  },
  "upgrade()": {
    call: (client) => client.upgrade("01M", "A7X-29K"),
    sends: ["POST", "/v1/mailboxes/01M/upgrade", { code: "A7X-29K" }],
    gets: [200, { status: "upgraded" }],
    gives: undefined,
  },
  "getAllowlist()": {
    call: (client) => client.getAllowlist("01M"),
    sends: ["GET", "/v1/mailboxes/01M/allowlist"],
    gets: [
      200,
      {
        entries: [{ id: "01L", pattern: "*@x.example", added_at: 1767323045000, note: null }],
        mailbox_id: "01M",
        count: 1,
      },
    ],
    gives: [{ id: "01L", pattern: "*@x.example", addedAt: "2026-01-02T03:04:05.000Z" }],
  },
  "addAllowlistEntry() the first time": {
    call: (client) => client.addAllowlistEntry("01M", { pattern: "*@x.example" }),
    sends: ["POST", "/v1/mailboxes/01M/allowlist", { pattern: "*@x.example" }],
    gets: [202, { status: "approval_required" }],
    gives: { codeMailed: true },
  },
  "addAllowlistEntry() with the code": {
    call: (client) =>
      client.addAllowlistEntry("01M", { pattern: "*@x.example", note: "us" }, { approvalCode: "A7X-29K" }),
    sends: [
      "POST",
      "/v1/mailboxes/01M/allowlist",
      { pattern: "*@x.example", note: "us", approval_code: "A7X-29K" },
    ],
    gets: [201, { id: "01L" }],
    gives: { codeMailed: false },
  },
  "removeAllowlistEntry() the first time": {
    call: (client) => client.removeAllowlistEntry("01M", "01L"),
    sends: ["DELETE", "/v1/mailboxes/01M/allowlist/01L"],
    gets: [202, {}],
    gives: { codeMailed: true },
  },
  "removeAllowlistEntry() with the code": {
    call: (client) => client.removeAllowlistEntry("01M", "01L", { approvalCode: "A7X-29K" }),
    sends: ["DELETE", "/v1/mailboxes/01M/allowlist/01L", { approval_code: "A7X-29K" }],
    gets: [200, {}],
    gives: { codeMailed: false },
  },
  "listPending()": {
    call: (client) => client.listPending(),
    sends: ["GET", "/v1/oversight/pending"],
    gets: [
      200,
      {
        emails: [
          {
            ...SUMMARY,
            mailbox_id: "01M",
            direction: "outbound",
            body_markdown: "Hello",
            status: "pending_send_approval",
          },
        ],
      },
    ],
    gives: [
      {
        ...SUMMARY,
        mailboxId: "01M",
        direction: "outbound",
        markdown: "Hello",
        status: "pending_send_approval",
      },
    ],
  },
  "decide()": {
    call: (client) => client.decide("01E", "reject", "wrong amount"),
    sends: ["POST", "/v1/oversight/decide", { email_id: "01E", action: "reject", reason: "wrong amount" }],
    gets: [200, { status: "rejected" }],
    gives: { status: "rejected" },
  },
  "getAccount()": {
    call: (client) => client.getAccount(),
    sends: ["GET", "/v1/account"],
    gets: [200, { id: "01A", plan: "pro", sending_disabled: 0, sending_disabled_reason: null }],
    gives: { id: "01A", plan: "pro", sendingDisabled: false },
  },
  "getUsage()": {
    call: (client) => client.getUsage(),
    sends: ["GET", "/v1/usage"],
    gets: [200, { from: 1767323045000, emails_sent: 3 }],
    gives: { from: "2026-01-02T03:04:05.000Z", emailsSent: 3 },
  },
  "listApiKeys()": {
    call: (client) => client.listApiKeys(),
    sends: ["GET", "/v1/api-keys"],
    gets: [
      200,
      {
        api_keys: [
          { id: "01K", name: "main", scopes: ["read", "teleport"], last_used_at: null, is_active: true },
        ],
      },
    ],
    gives: [{ id: "01K", name: "main", scopes: ["read", "teleport"], isActive: true }],
  },
  "listWebhooks()": {
    call: (client) => client.listWebhooks(),
    sends: ["GET", "/v1/webhooks"],
    gets: [200, { subscriptions: [{ ...WEBHOOK, mailbox_id: null }] }],
    gives: [WEBHOOK],
  },
  "createWebhook() the first time": {
    call: (client) => client.createWebhook({ url: WEBHOOK.url, events: WEBHOOK.events, mailboxId: "01M" }),
    sends: ["POST", "/v1/webhooks", { url: WEBHOOK.url, events: WEBHOOK.events, mailbox_id: "01M" }],
    gets: [202, { message: "code mailed" }],
    gives: { codeMailed: true },
  },
  "createWebhook() with the code": {
    call: (client) =>
      client.createWebhook({ url: WEBHOOK.url, events: WEBHOOK.events }, { approvalCode: "A7X-29K" }),
    sends: ["POST", "/v1/webhooks", { url: WEBHOOK.url, events: WEBHOOK.events, approval_code: "A7X-29K" }],
    gets: [201, { ...WEBHOOK, signing_secret: "whsec_1" }],
    gives: { codeMailed: false, webhook: { ...WEBHOOK, signingSecret: "whsec_1" } },
  },
  "createMailbox() the first time": {
    call: (client) => client.createMailbox({ addressLocal: "sales" }),
    sends: ["POST", "/v1/mailboxes", { address_local: "sales" }],
    gets: [202, { message: "code mailed" }],
    gives: { codeMailed: true },
  },
  "createMailbox() with the code": {
    call: (client) => client.createMailbox({ addressLocal: "sales" }, { approvalCode: "A7X-29K" }),
    sends: ["POST", "/v1/mailboxes", { address_local: "sales", approval_code: "A7X-29K" }],
    gets: [201, { id: "01M", address: "sales@acme.multimail.dev" }],
    gives: { codeMailed: false, mailbox: { id: "01M", address: "sales@acme.multimail.dev" } },
  },
  "getAuditLog()": {
    call: (client) => client.getAuditLog({ limit: 2, cursor: "c" }),
    sends: ["GET", "/v1/audit-log?limit=2&cursor=c"],
    gets: [
      200,
      { entries: [{ id: "01X", action: "email.sent", actor_key_id: "01K", metadata: { a: 1 } }], cursor: "" },
    ],
    gives: { entries: [{ id: "01X", action: "email.sent", actorKeyId: "01K", metadata: { a: 1 } }] },
  },
  "health()": {
    call: (client) => client.health(),
    sends: ["GET", "/health"],
    gets: [200, { status: "ok" }],
    gives: { status: "ok" },
  },
};

for (const [name, { call, sends, gets, gives }] of Object.entries(CASES)) {
  test(`${name} asks as MultiMail wants and converts its answer`, async (t) => {
    const server = await startFakeServer(t, gets);
    const client = new MultiMailClient({ baseUrl: server.baseUrl, apiKey: API_KEY });
    t.after(() => client.close());
    assert.deepEqual(await call(client), gives);
    const [request, ...more] = server.requests;
    assert.equal(more.length, 0);
    assert.equal(request?.headers.authorization, `Bearer ${API_KEY}`);
    assert.equal(request?.headers["content-type"], sends[2] === undefined ? undefined : "application/json");
    const body = request?.body === "" ? undefined : JSON.parse(request?.body ?? "");
    assert.deepEqual([request?.method, request?.path, body], [sends[0], sends[1], sends[2]]);
  });
}

test("MultiMailClient makes every call by way of `around`, once, with its name and mailbox", async (t) => {
  const answers = Object.values(CASES);
  let answer = answers[0]?.gets ?? [500, {}];
  const server = await startFakeServer(t, (response) => {
    response.writeHead(answer[0], { "content-type": "application/json" }).end(JSON.stringify(answer[1]));
  });
  const seen: string[] = [];
  const client = new MultiMailClient({
    baseUrl: server.baseUrl,
    apiKey: API_KEY,
    around: async ({ name, mailboxId }, make) => {
      seen.push(`${name}() ${mailboxId}`);
      return make();
    },
  });
  t.after(() => client.close());
  for (const [name, { call, sends, gets, gives }] of Object.entries(CASES)) {
    answer = gets;
    assert.deepEqual(await call(client), gives);
    const isAboutMailbox = sends[1].startsWith("/v1/mailboxes/01M");
    assert.deepEqual(seen.splice(0), [`${name.split(" ")[0]} ${isAboutMailbox ? "01M" : undefined}`]);
  }
});

test("MultiMailClient makes no call that `around` does not make", async (t) => {
  const server = await startFakeServer(t, [200, {}]);
  const refusal = new Error("Held back");
  const client = new MultiMailClient({
    baseUrl: server.baseUrl,
    apiKey: API_KEY,
    around: () => Promise.reject(refusal),
  });
  t.after(() => client.close());
  await assert.rejects(client.getAccount(), refusal);
  assert.equal(server.requests.length, 0);
});

test("getAttachment() gives raw bytes with their type, and encodes the file's name", async (t) => {
  const bytes = Buffer.from([0, 255, 10, 13]);
  const server = await startFakeServer(t, (response) =>
    response.writeHead(200, { "content-type": "application/pdf" }).end(bytes),
  );
  const client = new MultiMailClient({ baseUrl: server.baseUrl, apiKey: API_KEY });
  t.after(() => client.close());
  assert.deepEqual(await client.getAttachment("01M", "01E", "../a b?.pdf"), {
    kind: "bytes",
    contentType: "application/pdf",
    bytes,
  });
  assert.equal(server.requests[0]?.path, "/v1/mailboxes/01M/emails/01E/attachments/..%2Fa%20b%3F.pdf");
});

test("MultiMailClient encodes ids, so that none leads to another route", async (t) => {
  const server = await startFakeServer(t, [200, { ...SUMMARY }]);
  const client = new MultiMailClient({ baseUrl: server.baseUrl, apiKey: API_KEY });
  t.after(() => client.close());
  await client.getEmail("a/b", "../../oversight?x=1#y%2e\r\n");
  assert.equal(
    server.requests[0]?.path,
    "/v1/mailboxes/a%2Fb/emails/..%2F..%2Foversight%3Fx%3D1%23y%252e%0D%0A",
  );
});

test("MultiMailClient refuses ids that are none before it asks", async (t) => {
  const server = await startFakeServer(t, [200, { ...SUMMARY }]);
  const client = new MultiMailClient({ baseUrl: server.baseUrl, apiKey: API_KEY });
  t.after(() => client.close());
  for (const id of ["", ".", "..", "\ud800", "x".repeat(1001)]) {
    await assert.rejects(client.getEmail("01M", id), (error: unknown) => {
      assert(error instanceof MultiMailError);
      assert.deepEqual([error.code, error.outcome, error.status], ["rejected", "not_accepted", undefined]);
      return true;
    });
  }
  assert.equal(server.requests.length, 0);
});

test("send() refuses an empty idempotency key, which would let an email leave twice", async (t) => {
  const server = await startFakeServer(t, [202, ACCEPTED]);
  const client = new MultiMailClient({ baseUrl: server.baseUrl, apiKey: API_KEY });
  t.after(() => client.close());
  const email = { to: ["b@y.example"], subject: "", markdown: "" };
  await assert.rejects(client.send("01M", email, { idempotencyKey: "" }), TypeError);
  assert.equal(server.requests.length, 0);
});

test("MultiMailClient takes a base URL with a path, a slash or /v1 at its end", async (t) => {
  const server = await startFakeServer(t, [200, { mailboxes: [] }]);
  for (const end of ["", "/", "/v1", "/v1/", "/proxy/", "/proxy/v1"]) {
    const client = new MultiMailClient({ baseUrl: server.baseUrl + end, apiKey: API_KEY });
    await client.listMailboxes();
    await client.close();
  }
  const paths = server.requests.map(({ path }) => path);
  assert.deepEqual(paths.slice(0, 4), Array(4).fill("/v1/mailboxes"));
  assert.deepEqual(paths.slice(4), Array(2).fill("/proxy/v1/mailboxes"));
});

test("MultiMailClient refuses a URL or a key that cannot be one, without showing it", () => {
  for (const baseUrl of [
    "",
    "api.multimail.dev",
    "file:///etc/passwd",
    "https://u:mm_live_1@x.example",
    "https://x/?mm_live_1",
  ]) {
    assert.throws(
      () => new MultiMailClient({ baseUrl, apiKey: API_KEY }),
      (error: Error) => error instanceof TypeError && !error.message.includes("mm_live_1"),
    );
  }
  for (const apiKey of ["", "mm_live_1 ", "mm_live_1\r\nx: y", "mm_live_1ü"]) {
    assert.throws(
      () => new MultiMailClient({ baseUrl: "https://x.example", apiKey }),
      (error: Error) => error instanceof TypeError && !error.message.includes("mm_live_1"),
    );
  }
});

test("MultiMailClient keeps connections for the next call", async (t) => {
  const ports = new Set<number | undefined>();
  const server = await startFakeServer(t, (response) => {
    ports.add(response.socket?.remotePort);
    response.end(JSON.stringify({ mailboxes: [] }));
  });
  const client = new MultiMailClient({ baseUrl: server.baseUrl, apiKey: API_KEY });
  t.after(() => client.close());
  for (let i = 0; i < 10; i++) await client.listMailboxes();
  // The next call may come before the last one's connection is back in the pool.
  assert(ports.size <= 2, `${ports.size} connections`);
});
