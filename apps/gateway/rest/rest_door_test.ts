import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { TEAMS } from "@countersign/lifecycle/testing/teams";
import type { IntentData } from "@countersign/trail";
import { openSqliteTrail } from "@countersign/trail/sqlite";
import { type Stack, startStack } from "../testing/start_stack.ts";

const HELLO = { subject: "Hello", body: "Hello there" };

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let waited = 0; !(await holds()); waited += 10) {
    if (waited > 5_000) throw new Error("Waited 5 s in vain");
    await sleep(10);
  }
}

/** The findings of the last intent on the trail, by which a refusal is proved to be on record. */
async function lastIntent(stack: Stack): Promise<IntentData> {
  const [last] = await stack.records({ kind: "intent", newestFirst: true, limit: 1 });
  return last?.record.data ?? assert.fail("There is no intent");
}

test("POST /v1/send holds an email of a gated team until a person approves, then it leaves once", async (t) => {
  const stack = await startStack(t, TEAMS);
  const { status, body } = await stack.call("POST", "/v1/send", {
    as: "finance/chaser",
    body: { mailbox_id: "mbx-finance", to: "billing@suppliers.example", ...HELLO },
  });
  assert.equal(status, 202);
  assert.equal(body.status, "pending");
  assert.match(body.receipt, /^rcp_\w{26}$/);
  assert.deepEqual(await stack.outbox(), []);

  await until(async () => (await stack.lead.listPending()).some(({ id }) => id === body.id));
  const pending = await stack.call("GET", `/v1/receipts/${body.receipt}`, { as: "finance/chaser" });
  assert.equal(pending.body.status, "pending");
  await stack.lead.decide(body.id, "approve");
  await until(async () => (await stack.outbox()).length > 0);
  const [message, ...more] = await stack.outbox();
  assert.deepEqual(more, []);
  assert.deepEqual(message?.to, ["billing@suppliers.example"]);
  assert.equal(message?.idempotency_key, body.receipt);
  const delivered = await stack.call("GET", `/v1/receipts/${body.receipt}`, { as: "finance/chaser" });
  assert.equal(delivered.body.status, "delivered");
});

test("POST /v1/send queues an email of a team without approval", async (t) => {
  const stack = await startStack(t, TEAMS);
  const { status, body } = await stack.call("POST", "/v1/send", {
    as: "marketing/writer",
    body: { to: ["jane@acme.example"], ...HELLO },
  });
  assert.deepEqual([status, body.status], [202, "queued"]);
  await until(async () => (await stack.outbox()).length === 1);
});

test("POST /v1/send tags the email at MultiMail with team, assistant and receipt", async (t) => {
  const stack = await startStack(t, TEAMS);
  const { body } = await stack.call("POST", "/v1/send", {
    as: "marketing/writer",
    body: { to: "jane@acme.example", ...HELLO },
  });
  let tags: Readonly<Record<string, string>> = {};
  await until(async () => {
    tags = await stack.lead.getTags("mbx-marketing", body.id);
    return Object.keys(tags).length > 0;
  });
  assert.deepEqual(tags, { team: "marketing", assistant: "writer", receipt: body.receipt });
});

test("POST /v1/send refuses every way to reach a forbidden recipient, on record", async (t) => {
  const stack = await startStack(t, TEAMS);
  const to = (value: unknown) => ({ to: value, ...HELLO });
  const cases: Record<string, unknown> = {
    To: to("ceo@rival.example"),
    "a list": to(["jane@client.example", "ceo@rival.example"]),
    Cc: { ...to("jane@client.example"), cc: ["ceo@rival.example"] },
    Bcc: { ...to("jane@client.example"), bcc: ["ceo@rival.example"] },
    "a display name": to('"Jane" <ceo@rival.example>'),
    "a display name that is an address": to('"jane@client.example" <ceo@rival.example>'),
    case: to("CEO@RIVAL.EXAMPLE"),
    "full-width letters": to("ceo@ｒｉｖａｌ.example"),
    "an ideographic full stop": to("ceo@rival。example"),
    "a trailing dot": to("ceo@rival.example."),
    "a plus-tag": to("ceo+jane@rival.example"),
    "a comment": to("ceo@rival.example(jane@client.example)"),
    "a group": to("Friends: ceo@rival.example;"),
    "a quoted local part": to('"ceo"@rival.example'),
    "a source route": to("<@client.example:ceo@rival.example>"),
    "a percent hack": to("ceo%rival.example@client.example"),
    CRLF: to("jane@client.example\r\nBcc: ceo@rival.example"),
    "two in one": to("jane@client.example,ceo@rival.example"),
    "a zero-width space": to("ceo@ri\u200bval.example"),
  };
  for (const [name, body] of Object.entries(cases)) {
    await t.test(name, async () => {
      const answer = await stack.call("POST", "/v1/send", { as: "finance/chaser", body });
      assert.equal(answer.status, 403, JSON.stringify(answer.body));
      assert.equal(answer.body.code, "policy_denied");
      const intent = await lastIntent(stack);
      assert.equal(intent.effect, "deny");
      assert.ok(
        intent.findings.some(({ rule }) => rule === "recipients.deny" || rule === "recipients.address"),
      );
    });
  }
  assert.deepEqual(await stack.lead.listPending(), []);
});

test("POST /v1/send answers what is wrong with a request, and records it", async (t) => {
  const stack = await startStack(t, TEAMS);
  const to = "jane@client.example";
  const cases: [name: string, body: unknown, status: number, code: string, mentions: string][] = [
    ["no JSON", "{", 400, "invalid_json", "JSON"],
    ["not UTF-8", "\ud800", 400, "invalid_json", "JSON"],
    ["a list", [], 400, "invalid_request", ""],
    ["no recipient field", HELLO, 400, "invalid_request", "to"],
    ["an unknown field", { to, ...HELLO, reply_to: "x@y.example" }, 400, "invalid_request", "reply_to"],
    [
      "a subject of two lines",
      { to, subject: "Hi\r\nBcc: ceo@rival.example", body: "x" },
      400,
      "invalid_request",
      "subject",
    ],
    ["no body", { to, subject: "Hi" }, 400, "invalid_request", "body"],
    ["two bodies", { to, ...HELLO, markdown: "x" }, 400, "invalid_request", "body"],
    ["a long subject", { to, subject: "x".repeat(999), body: "x" }, 400, "invalid_request", "subject"],
    ["a local time", { to, ...HELLO, send_at: "2027-01-01T10:00:00" }, 400, "invalid_request", "send_at"],
    [
      "bad base64",
      { to, ...HELLO, attachments: [{ name: "a", content_type: "a/b", content_base64: "?" }] },
      400,
      "invalid_request",
      "content_base64",
    ],
    [
      "51 recipients",
      { to: Array.from({ length: 51 }, (_, i) => `a${i}@client.example`), ...HELLO },
      400,
      "invalid_request",
      "to",
    ],
    [
      "4 recipients, 3 are allowed",
      { to: ["a@x.example", "b@x.example"], cc: ["c@x.example"], bcc: ["d@x.example"], ...HELLO },
      403,
      "policy_denied",
      "recipients",
    ],
    ["nobody", { to: [], ...HELLO }, 403, "policy_denied", "recipient"],
    [
      "another team's mailbox",
      { mailbox_id: "mbx-marketing", to, ...HELLO },
      403,
      "mailbox_not_allowed",
      "mailbox",
    ],
  ];
  for (const [name, body, status, code, mentions] of cases) {
    await t.test(name, async () => {
      const before = (await stack.records({ kind: "intent" })).length;
      const answer = await stack.call("POST", "/v1/send", { as: "finance/chaser", body });
      assert.deepEqual([answer.status, answer.body.code], [status, code], JSON.stringify(answer.body));
      assert.ok(JSON.stringify(answer.body.reasons).includes(mentions), JSON.stringify(answer.body));
      assert.equal((await stack.records({ kind: "intent" })).length, before + 1);
    });
  }
});

test("the REST door tells an unknown key, a wrong type, a large body and an unknown route apart", async (t) => {
  const stack = await startStack(t, TEAMS);
  const send = (options: Parameters<Stack["call"]>[2]) => stack.call("POST", "/v1/send", options);
  const body = { to: "jane@client.example", ...HELLO };
  const none = await send({ body });
  assert.deepEqual([none.status, none.body.code], [401, "missing_key"]);
  const unknown = await send({ body, headers: { Authorization: "Bearer csk_unknown" } });
  assert.deepEqual([unknown.status, unknown.body.code], [401, "unknown_key"]);
  assert.ok(!JSON.stringify(unknown.body).includes("csk_unknown"));
  const type = await send({ as: "finance/chaser", body: "to=x", headers: { "Content-Type": "text/plain" } });
  assert.deepEqual([type.status, type.body.code], [415, "unsupported_media_type"]);
  const large = await send({
    as: "finance/chaser",
    body: JSON.stringify({ ...body, body: "x".repeat(17 << 20) }),
  });
  assert.deepEqual([large.status, large.body.code], [413, "body_too_large"]);
  for (const [method, path] of [
    ["GET", "/v1/account"],
    ["POST", "/v1/oversight/decide"],
    ["PATCH", "/v1/mailboxes/mbx-finance"],
    ["POST", "/v1/mailboxes/mbx-finance/request-upgrade"],
    ["GET", "/"],
  ] as const) {
    const route = await stack.call(method, path, { as: "finance/chaser" });
    assert.deepEqual([route.status, route.body.code], [403, "route_not_governed"], path);
  }
});

test("POST /v1/send returns the first receipt for the same email, and sends again only for a new idempotency key", async (t) => {
  const stack = await startStack(t, TEAMS);
  const send = (extra: object = {}) =>
    stack.call("POST", "/v1/send", {
      as: "finance/chaser",
      body: { to: "jane@client.example", ...HELLO, ...extra },
    });
  const answers = await Promise.all(Array.from({ length: 50 }, () => send()));
  assert.ok(answers.every(({ status }) => status === 202));
  assert.equal(new Set(answers.map(({ body }) => body.receipt)).size, 1);
  assert.equal(answers.filter(({ body }) => body.status === "pending").length, 1);
  assert.equal(answers.filter(({ body }) => body.status === "duplicate_of").length, 49);

  const [first, again] = [
    await send({ idempotency_key: "k1", subject: "Other" }),
    await send({ idempotency_key: "k1", subject: "Other" }),
  ];
  assert.equal(again.body.duplicate_of, first.body.receipt);
  const conflict = await send({ idempotency_key: "k1", subject: "Another" });
  assert.deepEqual([conflict.status, conflict.body.code], [409, "idempotency_conflict"]);
  await stack.restart();
  assert.equal((await send()).body.status, "duplicate_of");
  assert.equal((await send({ idempotency_key: "k1", subject: "Other" })).body.status, "duplicate_of");
});

test("POST /v1/reply is judged by the participants of the email replied to", async (t) => {
  const stack = await startStack(t, TEAMS);
  const receive = async (from: string, cc: string[] = []) => {
    const email = (await stack.control("POST", "/sandbox/inbound", {
      mailbox_id: "mbx-marketing",
      from,
      cc,
      subject: "Question",
      markdown: "A question",
    })) as { id: string };
    return email.id;
  };
  const reply = (message_id: string, extra: object = {}) =>
    stack.call("POST", "/v1/reply", {
      as: "marketing/writer",
      body: { message_id, body: `Answer to ${message_id}`, ...extra },
    });
  const colleague = await reply(await receive("jane@acme.example"));
  assert.deepEqual([colleague.status, colleague.body.status], [202, "queued"]);
  const outside = await reply(await receive("jane@client.example"));
  assert.deepEqual([outside.status, outside.body.code], [403, "policy_denied"]);
  const inCopy = await reply(await receive("jane@acme.example", ["boss@client.example"]));
  assert.equal(inCopy.status, 403);
  assert.match(inCopy.body.error, /boss@client\.example/);
  const added = await reply(await receive("jane@acme.example"), { bcc: ["spy@client.example"] });
  assert.equal(added.status, 403);
  const unknown = await reply("01NOSUCHEMAIL");
  assert.equal(unknown.status, 403);
  const trail = await openSqliteTrail(join(stack.dataDir, "trail.sqlite"), { readonly: true });
  t.after(() => trail.close());
  const subjects: (string | undefined)[] = [];
  for (const { record } of await stack.records({ kind: "intent" })) {
    const { subject, original_subject = null } = record.data;
    assert.equal(subject, null);
    subjects.push(
      original_subject === null ? "none" : (await trail.unseal([original_subject])).get(original_subject),
    );
  }
  assert.deepEqual(subjects, ["Question", "Question", "Question", "Question", "none"]);
  const others = await stack.call("POST", "/v1/reply", {
    as: "finance/chaser",
    body: { message_id: await receive("jane@acme.example"), body: "Not mine" },
  });
  assert.equal(others.status, 403);
  await until(async () => (await stack.outbox()).length === 1);
});

test("GET /v1/mailboxes/{id}/inbox shows received email, but not what waits for approval, and no other team's", async (t) => {
  const stack = await startStack(t, TEAMS);
  for (const mailbox_id of ["mbx-marketing", "mbx-finance"]) {
    await stack.control("POST", "/sandbox/inbound", {
      mailbox_id,
      from: "jane@client.example",
      subject: "Hi",
      markdown: "Hi",
    });
  }
  const shown = await stack.call("GET", "/v1/mailboxes/mbx-marketing/inbox?limit=5", {
    as: "marketing/writer",
  });
  assert.equal(shown.body.emails.length, 1);
  assert.equal(shown.body.emails[0].from, "jane@client.example");
  const held = await stack.call("GET", "/v1/mailboxes/mbx-finance/inbox", { as: "finance/reader" });
  assert.deepEqual(held.body.emails, []);
  const foreign = await stack.call("GET", "/v1/mailboxes/mbx-marketing/inbox", { as: "finance/reader" });
  assert.deepEqual([foreign.status, foreign.body.code], [403, "mailbox_not_allowed"]);
  const wrong = await stack.call("GET", "/v1/mailboxes/mbx-finance/inbox?limit=0", { as: "finance/reader" });
  assert.deepEqual([wrong.status, wrong.body.code], [400, "invalid_request"]);
});

test("POST /v1/report judges each recipient by itself", async (t) => {
  const stack = await startStack(t, TEAMS);
  const { status, body } = await stack.call("POST", "/v1/report", {
    as: "finance/chaser",
    body: {
      report: { period: "2026-W47", metrics: { Revenue: 120_000, Churn: 0.02 } },
      recipients: ["cfo@acme.example", "ceo@rival.example", "jane@client.example"],
    },
  });
  assert.equal(status, 200);
  assert.deepEqual(
    body.results.map((result: { status?: string; code?: string }) => result.status ?? result.code),
    ["pending", "policy_denied", "pending"],
  );
  await until(async () => (await stack.lead.listPending()).length === 2);
  const [pending] = await stack.lead.listPending();
  assert.equal(pending?.subject, "Weekly Report: 2026-W47");
});

test("GET /v1/receipts/{receipt} does not tell another team's from one that never was", async (t) => {
  const stack = await startStack(t, TEAMS);
  const { body } = await stack.call("POST", "/v1/send", {
    as: "marketing/writer",
    body: { to: "jane@acme.example", ...HELLO },
  });
  const foreign = await stack.call("GET", `/v1/receipts/${body.receipt}`, { as: "finance/chaser" });
  const never = await stack.call("GET", "/v1/receipts/rcp_NEVER", { as: "finance/chaser" });
  assert.deepEqual(
    [foreign.status, foreign.body.code, foreign.body.error],
    [404, "not_found", never.body.error],
  );
});

test("POST /v1/send says why MultiMail refused, and lets the caller try again", async (t) => {
  const stack = await startStack(t, TEAMS);
  const send = () =>
    stack.call("POST", "/v1/send", { as: "marketing/writer", body: { to: "jane@acme.example", ...HELLO } });
  const fault = (name: string) => stack.control("POST", "/sandbox/faults", { fault: name, count: 1 });
  await fault("quota");
  const quota = await send();
  assert.deepEqual([quota.status, quota.body.code], [429, "multimail_quota"]);
  await fault("rate_limited");
  const rate = await send();
  assert.deepEqual([rate.status, rate.body.code], [429, "multimail_rate"]);
  assert.equal(rate.headers.get("retry-after"), "1");
  await sleep(1_000);
  assert.equal((await send()).body.status, "queued");
});

test("POST /v1/send leaves an email once when MultiMail's answer is lost, and finds out by itself", async (t) => {
  const stack = await startStack(t, TEAMS);
  for (const fault of [
    "drop_before_accept",
    "drop_after_accept",
    "error_500_before",
    "error_500_after",
    "malformed_json",
  ]) {
    await t.test(fault, async () => {
      await stack.control("POST", "/sandbox/faults", { fault, count: 1 });
      const body = { to: "jane@acme.example", subject: `About ${fault}`, body: "Hello" };
      const { status, body: answer } = await stack.call("POST", "/v1/send", { as: "marketing/writer", body });
      assert.deepEqual([status, answer.status], [202, "unconfirmed"]);
      const again = await stack.call("POST", "/v1/send", { as: "marketing/writer", body });
      assert.equal(again.body.duplicate_of, answer.receipt);
      await until(async () => {
        const now = await stack.call("GET", `/v1/receipts/${answer.receipt}`, { as: "marketing/writer" });
        return now.body.status === "delivered";
      });
      assert.equal((await stack.outbox()).filter(({ subject }) => subject === body.subject).length, 1);
    });
  }
});

test("POST /v1/send stops when the live mailbox is no longer as declared", async (t) => {
  const stack = await startStack(t, TEAMS);
  await stack.control("POST", "/sandbox/mailboxes/mbx-marketing", { auto_bcc: "spy@evil.example" });
  await stack.restart();
  const { status, body } = await stack.call("POST", "/v1/send", {
    as: "marketing/writer",
    body: { to: "jane@acme.example", ...HELLO },
  });
  assert.deepEqual([status, body.code], [503, "mailbox_unverified"]);
  const ready = await stack.call("GET", "/readyz");
  assert.equal(ready.status, 200, "other teams are served");
  assert.match(JSON.stringify(ready.body), /marketing/);
  assert.equal((await stack.call("GET", "/healthz")).status, 200);
});

test("the trail holds no subject, body or address of an email in clear", async (t) => {
  const stack = await startStack(t, TEAMS);
  const secret = {
    to: "jane.unmistakable@client.example",
    subject: "Unmistakable subject",
    body: "Unmistakable body",
  };
  await stack.call("POST", "/v1/send", { as: "finance/chaser", body: secret });
  await stack.call("POST", "/v1/send", {
    as: "finance/chaser",
    body: { ...secret, to: "unmistakable@rival.example" },
  });
  const json = (await stack.records()).map((record) => record.json).join("\n");
  assert.ok(json.includes("client.example"));
  assert.ok(!/unmistakable/i.test(json));
});
