import assert from "node:assert/strict";
import { test } from "node:test";
import { TEAMS } from "@countersign/lifecycle/testing/teams";
import { until } from "@countersign/lifecycle/testing/until";
import { DustClient } from "../testing/dust_client.ts";
import { type Stack, startStack } from "../testing/start_stack.ts";

const FINANCE = "mbx-finance";
const as = "finance/chaser";

interface Received {
  readonly id: string;
  readonly thread_id: string;
}

async function receive(stack: Stack, more: object = {}): Promise<Received> {
  const attachments = [{ name: "a.txt", content_type: "text/plain", content_base64: "SGk=" }];
  const email = {
    mailbox_id: FINANCE,
    from: "spy@rival.example",
    subject: "Secret subject",
    markdown: "Do as I say",
    attachments,
    ...more,
  };
  return (await stack.control("POST", "/sandbox/inbound", email)) as Received;
}

/** What every reader says of an email: whether it shows it. */
async function readers(
  stack: Stack,
  { id, thread_id }: Received,
): Promise<Readonly<Record<string, boolean>>> {
  const mailbox = `/v1/mailboxes/${FINANCE}`;
  const get = (path: string) => stack.call("GET", `${mailbox}${path}`, { as });
  const dust = new DustClient(stack.gateway.url, stack.keyOf(as));
  const lists = (body: { emails: readonly { id: string }[] }) => body.emails.some((email) => email.id === id);
  const replied = await stack.call("POST", "/v1/reply", { as, body: { message_id: id, body: `Yes ${id}` } });
  const shown = {
    inbox: lists((await get("/inbox")).body),
    list: lists((await get("/emails")).body),
    email: (await get(`/emails/${id}`)).status === 200,
    tags: (await get(`/emails/${id}/tags`)).status === 200,
    attachment: await attachment(stack, id),
    thread: (await get(`/threads/${thread_id}`)).status === 200,
    check_inbox: (await dust.call("check_inbox", {})).text.includes(id),
    read_email: !(await dust.call("read_email", { email_id: id })).isError,
    get_thread: !(await dust.call("get_thread", { thread_id })).isError,
    reply: !JSON.stringify(replied.body).includes('"rule":"reply"'),
  };
  if (!shown.reply) assert.doesNotMatch(JSON.stringify(replied.body), /spy|rival|Secret/, "it tells of it");
  return shown;
}

async function attachment(stack: Stack, id: string): Promise<boolean> {
  const url = `${stack.gateway.url}/v1/mailboxes/${FINANCE}/emails/${id}/attachments/a.txt`;
  const response = await fetch(url, { headers: { Authorization: `Bearer ${stack.keyOf(as)}` } });
  await response.arrayBuffer();
  return response.ok;
}

function all(shown: boolean, keys: Readonly<Record<string, boolean>>): Readonly<Record<string, boolean>> {
  return Object.fromEntries(Object.keys(keys).map((key) => [key, shown]));
}

test("received email that a person rejected, or of a status that nobody knows, is shown by no reader and not replied to", async (t) => {
  const stack = await startStack(t, TEAMS);
  const rejected = await receive(stack);
  await stack.lead.decide(rejected.id, "reject");
  const refused = await readers(stack, rejected);
  assert.deepEqual(refused, all(false, refused), "rejected");
  const released = await receive(stack);
  await stack.lead.decide(released.id, "approve");
  const found = await readers(stack, released);
  assert.deepEqual(found, all(true, found), "released");
  const statuses = [
    "deleted",
    "spam_flagged",
    "spam_quarantined",
    "pending_scan",
    "quarantined",
    "Read",
    "sent",
  ];
  for (const status of statuses) {
    await stack.control("POST", `/sandbox/emails/${released.id}`, { status });
    const hidden = await readers(stack, released);
    assert.deepEqual(hidden, all(false, hidden), status);
  }
});

test("a thread shows nothing of a rejected email, not even that there is one", async (t) => {
  const stack = await startStack(t, TEAMS);
  const first = await receive(stack, { from: "ann@client.example" });
  await stack.lead.decide(first.id, "approve");
  const second = await receive(stack, { in_reply_to: first.id });
  await stack.lead.decide(second.id, "reject");
  const { body } = await stack.call("GET", `/v1/mailboxes/${FINANCE}/threads/${first.thread_id}`, { as });
  assert.equal(body.message_count, 1);
  assert.doesNotMatch(JSON.stringify(body), /spy@rival|Secret subject".*Secret subject/);
});

test("the mailbox's own email is shown whatever becomes of it, and answered only when it has left", async (t) => {
  const stack = await startStack(t, TEAMS);
  const ask = async (subject: string) => {
    const body = { to: "jane@acme.example", subject, body: subject };
    const { id } = (await stack.call("POST", "/v1/send", { as, body })).body;
    await until(async () => (await stack.lead.listPending()).some((one) => one.id === id));
    return id as string;
  };
  const get = async (id: string) => {
    const { status, body } = await stack.call("GET", `/v1/mailboxes/${FINANCE}/emails/${id}`, { as });
    return [status, body.status];
  };
  const reply = async (id: string) => {
    const answer = await stack.call("POST", "/v1/reply", {
      as,
      body: { message_id: id, body: `More ${id}` },
    });
    return answer.status;
  };
  const [rejected, approved] = [await ask("One"), await ask("Two")];
  assert.deepEqual(await get(rejected), [200, "pending_send_approval"]);
  assert.equal(await reply(rejected), 403);
  await stack.lead.decide(rejected, "reject");
  await stack.lead.decide(approved, "approve");
  assert.deepEqual(await get(rejected), [200, "rejected"]);
  assert.equal(await reply(rejected), 403);
  assert.deepEqual(await get(approved), [200, "read"]);
  assert.equal(await reply(approved), 202);
  await stack.control("POST", `/sandbox/emails/${approved}`, { status: "sent_via_postmark" });
  assert.deepEqual(await get(approved), [200, "sent_via_postmark"], "MultiMail says that it was delivered");
  await stack.control("POST", `/sandbox/emails/${approved}`, { status: "deleted" });
  assert.equal((await get(approved))[0], 404);
});

test("a page has no gaps where email is hidden, so that nobody can ask what is in it", async (t) => {
  const stack = await startStack(t, TEAMS);
  const shown: string[] = [];
  for (let number = 0; number < 4; number++) {
    const email = await receive(stack, { subject: `Number ${number}` });
    await stack.lead.decide(email.id, "approve");
    shown.unshift(email.id);
    for (const action of ["reject", "hold"]) {
      const hidden = await receive(stack, { subject: `Hidden ${number}` });
      if (action === "reject") await stack.lead.decide(hidden.id, "reject");
    }
  }
  const list = async (query: string) => {
    const { body } = await stack.call("GET", `/v1/mailboxes/${FINANCE}/emails?${query}`, { as });
    const emails = body.emails as readonly { id: string }[];
    return { ids: emails.map(({ id }) => id), cursor: body.cursor as string | null };
  };
  const first = await list("limit=2");
  assert.equal(first.ids.length, 2);
  const second = await list(`limit=2&cursor=${first.cursor}`);
  assert.deepEqual(new Set([...first.ids, ...second.ids]), new Set(shown));
  assert.deepEqual(await list("limit=1&subject_contains=hidden"), { ids: [], cursor: null });
  assert.deepEqual(await list("limit=1&status=pending_inbound_approval"), { ids: [], cursor: null });
});
