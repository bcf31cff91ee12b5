import assert from "node:assert/strict";
import { test } from "node:test";
import { M1, type OpenSandbox, openSandbox } from "../testing/open_sandbox.ts";

interface List {
  readonly emails: readonly Readonly<Record<string, unknown>>[];
  readonly cursor: string | null;
}

async function receive(sandbox: OpenSandbox, fields: Record<string, unknown> = {}): Promise<string> {
  const mail = { mailbox_id: "m1", from: "a@x.example", subject: "Hi", markdown: "Hello", ...fields };
  const { status, body } = await sandbox.call<{ id: string }>("POST /sandbox/inbound", mail);
  assert.equal(status, 201, JSON.stringify(body));
  return body.id;
}

const list = async (sandbox: OpenSandbox, query = "") =>
  (await sandbox.call<List>(`GET ${M1}/emails?${query}`)).body;

test("GET emails pages from new to old, 20 at a time, without bodies", async (t) => {
  const sandbox = await openSandbox(t);
  const ids: string[] = [];
  for (let i = 0; i < 45; i++) ids.unshift(await receive(sandbox));
  const seen: unknown[] = [];
  const sizes: number[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const page: List = await list(sandbox, cursor && `cursor=${cursor}`);
    seen.push(...page.emails.map(({ id }) => id));
    sizes.push(page.emails.length);
    cursor = page.cursor;
  }
  assert.deepEqual(sizes, [20, 20, 5]);
  assert.deepEqual(seen, ids);
  const { emails } = await list(sandbox, "limit=1");
  assert.equal(emails.length, 1);
  for (const field of ["markdown", "cc", "bcc", "attachments"])
    assert.equal(field in (emails[0] ?? {}), false);
});

test("GET emails keeps to its filters", async (t) => {
  const sandbox = await openSandbox(t);
  const attachments = [{ name: "a.txt", content_base64: "SGk=", content_type: "text/plain" }];
  const a = await receive(sandbox, { from: "Ann <ANN@x.example>", subject: "Invoice 7" });
  sandbox.advance(60_000);
  const b = await receive(sandbox, { from: "bob@y.example", attachments });
  const c = await sandbox.send({ subject: "Re: invoice 7" });
  sandbox.advance();
  const cases: readonly [query: string, want: readonly string[]][] = [
    ["direction=inbound", [b, a]],
    ["direction=outbound", [c]],
    ["status=unread", [b, a]],
    ["status=pending_send_approval", []],
    ["sender=ann@x.example", [a]],
    ["subject_contains=INVOICE", [c, a]],
    ["subject_contains=invoice&direction=inbound", [a]],
    ["has_attachments=true", [b]],
    ["has_attachments=false", [c, a]],
    [`since_id=${a}`, [c, b]],
    [`since_id=${c}`, []],
    [`since_id=${a}&limit=1`, [c]],
    ["date_after=2026-11-23T10:00:30Z", [c, b]],
    ["date_before=2026-11-23T10:00:30Z", [a]],
    ["date_after=2026-11-24", []],
    ["unknown=1", [c, b, a]],
  ];
  for (const [query, want] of cases) {
    await t.test(query, async () => {
      assert.deepEqual(
        (await list(sandbox, query)).emails.map(({ id }) => id),
        want,
      );
    });
  }
  for (const query of [
    "limit=0",
    "limit=101",
    "limit=-1",
    "limit=x",
    "status=pending_scan",
    "status=sent",
    "direction=both",
    "has_attachments=1",
    "date_after=yesterday",
  ]) {
    assert.equal((await sandbox.call(`GET ${M1}/emails?${query}`)).status, 400, query);
  }
});

test("GET email marks it read, for everybody", async (t) => {
  const sandbox = await openSandbox(t);
  const id = await receive(sandbox);
  const { body } = await sandbox.call(`GET ${M1}/emails/${id}`);
  assert.equal(body.markdown, "Hello");
  assert.equal(body.status, "read");
  assert.equal("direction" in body || "bcc" in body, false);
  assert.deepEqual((await list(sandbox, "status=unread")).emails, []);
});

test("GET email knows only the mailbox's own", async (t) => {
  const sandbox = await openSandbox(t);
  const id = await receive(sandbox);
  for (const path of ["", "/tags", "/attachments/a.txt"]) {
    assert.equal((await sandbox.call(`GET /v1/mailboxes/m2/emails/${id}${path}`)).status, 404);
    assert.equal((await sandbox.call(`GET ${M1}/emails/none${path}`)).status, 404);
  }
});

test("GET email leaves a held one held", async (t) => {
  const sandbox = await openSandbox(t);
  await sandbox.call("POST /sandbox/mailboxes/m1", { mode: "gated_all" });
  const id = await receive(sandbox);
  await sandbox.call(`GET ${M1}/emails/${id}`);
  assert.deepEqual(
    (await list(sandbox, "status=pending_inbound_approval")).emails.map((email) => email.id),
    [id],
  );
});

test("GET attachment gives the bytes with their type", async (t) => {
  const sandbox = await openSandbox(t);
  const bytes = Buffer.from([0, 255, 13, 10, 128]);
  const name = "a b/ü.bin";
  const attachments = [
    { name, content_base64: bytes.toString("base64"), content_type: "application/octet-stream" },
  ];
  const id = await receive(sandbox, { attachments });
  const { body } = await sandbox.call(`GET ${M1}/emails/${id}`);
  assert.deepEqual(body.attachments, [{ name, size: 5, content_type: "application/octet-stream" }]);
  const response = await fetch(`${sandbox.url}${M1}/emails/${id}/attachments/${encodeURIComponent(name)}`, {
    headers: { authorization: `Bearer ${sandbox.apiKey}` },
  });
  assert.equal(response.headers.get("content-type"), "application/octet-stream");
  assert.deepEqual(Buffer.from(await response.arrayBuffer()), bytes);
});

test("GET thread tells whether an inbound email is unanswered", async (t) => {
  const sandbox = await openSandbox(t);
  await sandbox.call("POST /sandbox/mailboxes/m1", { mode: "gated_send" });
  const first = await receive(sandbox);
  const { thread_id } = (await sandbox.call(`GET ${M1}/emails/${first}`)).body;
  const thread = async () => (await sandbox.call(`GET ${M1}/threads/${thread_id}`)).body;
  const answer = await sandbox.call(`POST ${M1}/reply/${first}`, { markdown: "Yes" });
  sandbox.advance();
  assert.equal((await thread()).has_unanswered_inbound, true, "a held answer is none");
  await sandbox.call("POST /v1/oversight/decide", { email_id: answer.body.id, action: "approve" });
  assert.equal((await thread()).has_unanswered_inbound, false);
  await receive(sandbox, { in_reply_to: answer.body.id });
  const { message_count, participants, has_unanswered_inbound } = await thread();
  assert.deepEqual(
    { message_count, has_unanswered_inbound },
    { message_count: 3, has_unanswered_inbound: true },
  );
  assert.deepEqual(participants, ["a@x.example", "one@team.example"]);
  assert.equal((await sandbox.call(`GET /v1/mailboxes/m2/threads/${thread_id}`)).status, 404);
});

test("PUT tags replaces them all", async (t) => {
  const sandbox = await openSandbox(t);
  const id = await sandbox.send();
  const path = `${M1}/emails/${id}/tags`;
  await sandbox.call(`PUT ${path}`, { tags: { a: "1", b: "2" } });
  assert.deepEqual((await sandbox.call(`PUT ${path}`, { tags: { c: "3" } })).body, { tags: { c: "3" } });
  assert.deepEqual((await sandbox.call(`GET ${path}`)).body, { tags: { c: "3" } });
  for (const tags of [undefined, [], "a", { a: 1 }]) {
    assert.equal((await sandbox.call(`PUT ${path}`, { tags })).status, 400);
  }
});
