import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import { M1, openSandbox } from "../testing/open_sandbox.ts";

const draft = { to: ["a@client.example"], subject: "Hi", markdown: "Hello" };
const file = { name: "a.txt", content_base64: "SGk=", content_type: "text/plain" };

test("POST send answers 202 with a thread", async (t) => {
  const sandbox = await openSandbox(t);
  const { status, body } = await sandbox.call(`POST ${M1}/send`, draft, sandbox.apiKey);
  assert.equal(status, 202);
  assert.equal(body.status, "pending_scan");
  assert.match(String(body.id), /^[0-9A-HJKMNP-TV-Z]{26}$/);
  assert.notEqual(body.thread_id, body.id);
});

test("POST send refuses what MultiMail refuses", async (t) => {
  const sandbox = await openSandbox(t);
  const cases: readonly [name: string, body: unknown, status?: number][] = [
    ["no body", undefined],
    ["broken JSON", "{"],
    ["an array", []],
    ["null", "null"],
    ["no recipient", { ...draft, to: [] }],
    ["a recipient that is no list", { ...draft, to: "a@client.example" }],
    ["51 recipients", { ...draft, to: Array.from({ length: 51 }, (_, i) => `a${i}@x.example`) }],
    ["a display name", { ...draft, to: ["A <a@x.example>"] }],
    ["two addresses in one", { ...draft, to: ["a@x.example,b@x.example"] }],
    ["a line break", { ...draft, cc: ["a@x.example\r\nBcc: b@x.example"] }],
    ["no domain", { ...draft, bcc: ["root"] }],
    ["no subject", { ...draft, subject: undefined }],
    ["a subject of 999", { ...draft, subject: "x".repeat(999) }],
    ["a body of 262145", { ...draft, markdown: "x".repeat(262_145) }],
    ["no markdown", { to: draft.to, subject: "Hi", body: "Hello" }],
    ["send_at with an offset", { ...draft, send_at: "2026-11-24T10:00:00+01:00" }],
    ["send_at without a zone", { ...draft, send_at: "2026-11-24T10:00:00" }],
    ["send_at on no day", { ...draft, send_at: "2026-02-30T10:00:00Z" }],
    ["send_at as a number", { ...draft, send_at: 1 }],
    ["a gate_timing of its own", { ...draft, gate_timing: "never" }],
    ["no AI disclosure", { ...draft, ai_disclosure: false }],
    ["an attachment without a name", { ...draft, attachments: [{ ...file, name: "" }] }],
    ["an attachment that is no base64", { ...draft, attachments: [{ ...file, content_base64: "%%" }] }],
    [
      "an attachment with a line break",
      { ...draft, attachments: [{ ...file, content_type: "a/b\r\nX: y" }] },
    ],
    ["an empty key", { ...draft, idempotency_key: "" }],
    ["too much", { ...draft, markdown: "x".repeat(10 * 1024 * 1024) }, 413],
  ];
  for (const [name, body, want = 400] of cases) {
    await t.test(name, async () => {
      const answer = await sandbox.call<{ error: string }>(`POST ${M1}/send`, body);
      assert.equal(answer.status, want);
      assert.deepEqual(Object.keys(answer.body), ["error"]);
      assert.ok(answer.body.error.length > 0);
    });
  }
  assert.equal((await sandbox.call("POST /v1/mailboxes/none/send", draft)).status, 404);
});

test("POST send takes all that is allowed", async (t) => {
  const sandbox = await openSandbox(t);
  await sandbox.send({
    to: Array.from({ length: 50 }, (_, i) => `a${i}@x.example`),
    cc: ["B+tag@X.example"],
    bcc: ["c@xn--bcher-kva.example"],
    subject: "x".repeat(998),
    markdown: "x".repeat(262_144),
    attachments: [file],
    ai_disclosure: true,
    something_new: true,
  });
});

test("POST send takes a body that declares no length, up to the bound", async (t) => {
  const sandbox = await openSandbox(t);
  const send = async (padding: number) => {
    const chunks = [JSON.stringify(draft), ...Array<string>(padding).fill(" ".repeat(1024 * 1024))];
    const request: RequestInit & { duplex: "half" } = {
      method: "POST",
      headers: { authorization: `Bearer ${sandbox.apiKey}` },
      body: ReadableStream.from(chunks).pipeThrough(new TextEncoderStream()),
      duplex: "half",
    };
    return (await fetch(`${sandbox.url}${M1}/send`, request)).status;
  };
  assert.equal(await send(11), 413);
  assert.equal(await send(3), 202);
});

test("POST send makes nothing of a body that is cut off", async (t) => {
  const sandbox = await openSandbox(t);
  const socket = connect(Number(new URL(sandbox.url).port), "127.0.0.1");
  await once(socket, "connect");
  const head = `POST ${M1}/send HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${sandbox.apiKey}\r\n`;
  socket.write(`${head}Content-Length: 1000\r\n\r\n${JSON.stringify(draft)}`);
  await new Promise((resolve) => setTimeout(resolve, 30));
  socket.destroy();
  await new Promise((resolve) => setTimeout(resolve, 30));
  const { body } = await sandbox.call<{ emails: unknown[] }>(`GET ${M1}/emails`);
  assert.deepEqual(body.emails, []);
});

test("POST reply goes to the sender, in the thread", async (t) => {
  const sandbox = await openSandbox(t);
  const inbound = await sandbox.call("POST /sandbox/inbound", {
    mailbox_id: "m1",
    from: '"Billing, ACME" <billing@acme.example>',
    cc: ["other@acme.example"],
    subject: "Question",
    markdown: "?",
  });
  const reply = { markdown: "Yes", cc: ["boss@team.example"], bcc: ["log@team.example"] };
  const answer = await sandbox.call(`POST ${M1}/reply/${inbound.body.id}`, reply);
  assert.equal(answer.status, 202);
  assert.equal(answer.body.thread_id, inbound.body.thread_id);
  sandbox.advance();
  const { body } = await sandbox.call<{ messages: Record<string, unknown>[] }>("GET /sandbox/outbox");
  const { to, cc, bcc, subject } = body.messages[0] ?? {};
  assert.deepEqual(
    { to, cc, bcc, subject },
    {
      to: ["billing@acme.example"],
      cc: ["boss@team.example"],
      bcc: ["log@team.example"],
      subject: "Re: Question",
    },
  );
});

test("POST reply to one's own email goes to its recipients, with one Re:", async (t) => {
  const sandbox = await openSandbox(t);
  const id = await sandbox.send({ to: ["x@client.example", "y@client.example"], subject: "Re: Plan" });
  await sandbox.call(`POST ${M1}/reply/${id}`, { markdown: "And another thing" });
  sandbox.advance();
  const { body } = await sandbox.call<{ messages: Record<string, unknown>[] }>("GET /sandbox/outbox");
  assert.deepEqual(body.messages[1]?.to, ["x@client.example", "y@client.example"]);
  assert.equal(body.messages[1]?.subject, "Re: Plan");
});

test("POST reply refuses what only a send has, another mailbox's email, and repetition", async (t) => {
  const sandbox = await openSandbox(t);
  const id = await sandbox.send();
  const reply = async (body: unknown, mailbox = "m1") =>
    (await sandbox.call(`POST /v1/mailboxes/${mailbox}/reply/${id}`, body)).status;
  for (const extra of [
    { to: ["evil@rival.example"] },
    { subject: "Other" },
    { send_at: "2026-12-01T00:00:00Z" },
  ]) {
    assert.equal(await reply({ markdown: "Hi", ...extra }), 400);
  }
  assert.equal(await reply({ markdown: "Hi" }, "m2"), 404);
  assert.equal(await reply({ markdown: "Hi", idempotency_key: "r" }), 202);
  assert.equal(await reply({ markdown: "Hi", idempotency_key: "r" }), 200);
  assert.equal(await reply({ markdown: "Hi" }), 409);
});
