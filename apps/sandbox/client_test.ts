import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import { MultiMailClient } from "@countersign/multimail";
import * as z from "zod";
import { openSandbox } from "./testing/open_sandbox.ts";
import { operations } from "./testing/operations.ts";

interface Asked {
  /** `GET /v1/mailboxes/{mailboxId}` */
  readonly operation: string;
  readonly url: URL;
  readonly body: string;
}

/** Stands before a sandbox, hands everything on, and notes what was asked. */
async function record(t: TestContext, sandboxUrl: string) {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    const url = new URL(request.url ?? "", sandboxUrl);
    asked.push({ operation: operationOf(request.method ?? "", url.pathname), url, body });
    const answer = await fetch(url, {
      method: request.method ?? "",
      headers: { authorization: request.headers.authorization ?? "" },
      ...(body !== "" && { body }),
    });
    response.writeHead(answer.status, { "Content-Type": answer.headers.get("content-type") ?? "" });
    response.end(Buffer.from(await answer.arrayBuffer()));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

function operationOf(method: string, path: string): string {
  const parts = path.split("/");
  const fits = (template: string) => {
    const wanted = template.split("/");
    return (
      wanted.length === parts.length &&
      wanted.every((part, index) => part === parts[index] || part.startsWith("{"))
    );
  };
  const name = [...operations.keys()].find((name) => {
    const [verb, template = ""] = name.split(" ");
    return verb === method && fits(template);
  });
  return name ?? `${method} ${path}, which openapi.yaml does not have`;
}

/** Checks a request against what `openapi.yaml` says: parameters and fields that it names, and no others. */
function check({ operation, url, body }: Asked): void {
  const { parameters = [], requestBody } = operations.get(operation) ?? {};
  for (const name of url.searchParams.keys()) {
    assert.ok(
      parameters.some((parameter) => parameter.in === "query" && parameter.name === name),
      `${operation} has no parameter ${name}`,
    );
  }
  const schema = requestBody?.content["application/json"]?.schema;
  if (body === "") return;
  assert.ok(schema !== undefined, `${operation} takes no body: ${body}`);
  const value = JSON.parse(body);
  const result = z.fromJSONSchema(schema).safeParse(value);
  assert.ok(result.success, `${operation} ${body}: ${result.error?.message}`);
  const fields = Object.keys((schema as { readonly properties?: object }).properties ?? {});
  for (const name of Object.keys(value))
    assert.ok(fields.includes(name), `${operation} has no field ${name}`);
}

test("MultiMailClient keeps to openapi.yaml at every route of MultiMail's, and reads every answer", async (t) => {
  const sandbox = await openSandbox(t);
  const { url, asked } = await record(t, sandbox.url);
  const client = new MultiMailClient({ baseUrl: url, apiKey: sandbox.adminKey });
  t.after(() => client.close());
  const attachments = [{ name: "Größe ½.txt", contentType: "text/plain", contentBase64: "SGk=" }];
  const mail = { mailbox_id: "m2", from: "a@x.example", subject: "Hi", markdown: "Hi" };
  const files = [{ name: "Größe ½.txt", content_type: "text/plain", content_base64: "SGk=" }];
  const { body: inbound } = await sandbox.call<{ id: string; thread_id: string }>("POST /sandbox/inbound", {
    ...mail,
    attachments: files,
  });
  const approved = async () => ({ approvalCode: await sandbox.code() });

  assert.equal((await client.health()).status, "ok");
  assert.equal(typeof (await client.getAccount()).id, "string");
  assert.equal(typeof (await client.getUsage()).apiCalls, "number");
  assert.ok((await client.listApiKeys()).every(({ scopes }) => scopes.length > 0));

  assert.deepEqual(
    (await client.listMailboxes()).map(({ id, oversightMode }) => [id, oversightMode]),
    [
      ["m1", "autonomous"],
      ["m2", "gated_send"],
    ],
  );
  assert.equal((await client.createMailbox({ addressLocal: "new", displayName: "New" })).codeMailed, true);
  assert.equal((await client.createMailbox({ addressLocal: "new" }, await approved())).codeMailed, false);
  await client.updateMailbox("m2", {
    displayName: "Two",
    autoCc: "archive@team.example",
    autoBcc: null,
    forwardInbound: false,
    webhookUrl: null,
    oversightWebhookUrl: null,
    signatureBlock: "Bye",
  });
  assert.equal((await client.getMailbox("m2")).autoCc, "archive@team.example");

  const entry = { pattern: "*@z.example", note: "Partners" };
  assert.equal((await client.addAllowlistEntry("m2", entry)).codeMailed, true);
  assert.equal((await client.addAllowlistEntry("m2", entry, await approved())).codeMailed, false);
  const [added] = await client.getAllowlist("m2");
  assert.equal(added?.pattern, entry.pattern);
  assert.equal((await client.removeAllowlistEntry("m2", added?.id ?? "")).codeMailed, true);
  assert.equal(
    (await client.removeAllowlistEntry("m2", added?.id ?? "", await approved())).codeMailed,
    false,
  );

  const email = {
    to: ["a@x.example"],
    cc: ["c@x.example"],
    bcc: ["b@x.example"],
    subject: "Hi",
    markdown: "Hi",
    attachments,
    sendAt: "2026-12-24T10:00:00Z",
    gateTiming: "gate_first",
  } as const;
  const sent = await client.send("m2", email, { idempotencyKey: "k" });
  const again = await client.send("m2", email, { idempotencyKey: "k" });
  assert.deepEqual([sent.status, again.id, again.repeated], ["pending_scan", sent.id, true]);
  const reply = await client.reply(
    "m2",
    inbound.id,
    { markdown: "Yes", cc: email.cc, bcc: email.bcc, attachments },
    { idempotencyKey: "r" },
  );
  assert.equal(reply.threadId, inbound.thread_id);
  sandbox.advance();

  const page = await client.listEmails("m2", { limit: 1 });
  assert.ok(page.cursor !== undefined);
  assert.equal((await client.listEmails("m2", { limit: 1, cursor: page.cursor })).emails.length, 1);
  const found = await client.listEmails("m2", {
    sinceId: sent.id,
    status: "pending_send_approval",
    sender: "two@",
    subjectContains: "Hi",
    dateAfter: "2026-01-01T00:00:00Z",
    dateBefore: "2027-01-01T00:00:00Z",
    direction: "outbound",
    hasAttachments: true,
  });
  assert.deepEqual(
    found.emails.map(({ id }) => id),
    [reply.id],
  );
  const shown = await client.getEmail("m2", sent.id);
  assert.deepEqual([shown.to, shown.cc, shown.markdown], [email.to, email.cc, email.markdown]);
  const file = await client.getAttachment("m2", inbound.id, "Größe ½.txt");
  assert.ok(file.kind === "bytes" && Buffer.from(file.bytes).toString() === "Hi");
  await client.putTags("m2", sent.id, { receipt: "rcp_1" });
  assert.deepEqual(await client.getTags("m2", sent.id), { receipt: "rcp_1" });
  assert.equal((await client.getThread("m2", inbound.thread_id)).messageCount, 2);

  assert.deepEqual((await client.listPending()).map(({ id }) => id).sort(), [sent.id, reply.id].sort());
  await client.decide(reply.id, "reject", "Not now");
  assert.equal((await client.cancel("m2", sent.id)).status, "cancelled");
  await client.requestUpgrade("m2", "monitored");
  await client.upgrade("m2", await sandbox.code());
  assert.equal((await client.getMailbox("m2")).oversightMode, "monitored");

  const webhook = { url: "http://127.0.0.1:9/", events: ["message.bounced"], mailboxId: "m2" };
  assert.equal((await client.createWebhook(webhook)).codeMailed, true);
  assert.equal((await client.createWebhook(webhook, await approved())).codeMailed, false);
  assert.equal((await client.listWebhooks())[0]?.url, webhook.url);
  const log = await client.getAuditLog({ limit: 1 });
  assert.equal((await client.getAuditLog({ limit: 1, cursor: log.cursor ?? "" })).entries.length, 1);

  for (const one of asked) check(one);
  const covered = [...new Set(asked.map(({ operation }) => operation))].sort();
  assert.deepEqual(covered, [...operations.keys()].filter((name) => !name.includes(" /sandbox")).sort());
});
