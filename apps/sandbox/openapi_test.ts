import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createConfig, lint } from "@redocly/openapi-core";
import * as z from "zod";
import { createAccount } from "./account/account.ts";
import { createApp } from "./create_app.ts";
import { openSandbox } from "./testing/open_sandbox.ts";
import { operations } from "./testing/operations.ts";

/** Checks an answer against what the document says of that operation and status. */
function check(operation: string, status: number, body: unknown): void {
  const media = operations.get(operation)?.responses[status]?.content;
  assert.ok(media !== undefined, `${operation} does not document ${status}: ${JSON.stringify(body)}`);
  const schema = media["application/json"]?.schema;
  assert.ok(schema !== undefined, `${operation} documents no shape for ${status}`);
  const result = z.fromJSONSchema(schema).safeParse(body);
  assert.ok(result.success, `${operation} ${status} ${JSON.stringify(body)}: ${result.error?.message}`);
}

test("openapi.yaml names every route that is served, and no other", () => {
  const account = createAccount({ scanMs: 0, now: Date.now, webhookSecret: "whsec_", webhookRetryMs: 0 });
  const served = createApp(account)
    .routes.filter(({ method }) => method !== "ALL")
    .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`);
  assert.deepEqual([...new Set(served)].sort(), [...operations.keys()].sort());
});

test("openapi.yaml describes every answer", async (t) => {
  const sandbox = await openSandbox(t);
  const attachments = [{ name: "a.txt", content_base64: "SGk=", content_type: "text/plain" }];
  const email = { to: ["a@x.example"], subject: "Hi", markdown: "Hi", idempotency_key: "k" };
  const mail = { mailbox_id: "m2", from: "a@x.example", subject: "Hi", markdown: "Hi", attachments };
  const inbound = await sandbox.call("POST /sandbox/inbound", mail);
  const held = await sandbox.send({}, "m2");
  await sandbox.send();
  await sandbox.call("POST /sandbox/mailboxes/m1", { mode: "monitored" });
  sandbox.advance();
  await sandbox.outbox();
  const added = await sandbox.call<{ id: string }>("POST /sandbox/mailboxes/m2", {
    allowlist: ["*@y.example"],
  });
  assert.equal(added.status, 200);
  const { entries } = (await sandbox.call<{ entries: { id: string }[] }>("GET /v1/mailboxes/m2/allowlist"))
    .body;
  const params: Record<string, unknown> = {
    mailboxId: "m2",
    emailId: inbound.body.id,
    threadId: inbound.body.thread_id,
    entryId: entries[0]?.id,
    filename: "a.txt",
  };

  // In order: what one does, the next may need. CODE stands for the newest code mailed to the operator.
  const webhook = { url: "http://127.0.0.1:9/", events: ["message.bounced"] };
  const requests: readonly [operation: string, want: number, body?: Record<string, unknown>][] = [
    ["GET /health", 200],
    ["GET /v1/account", 200],
    ["GET /v1/usage", 200],
    ["GET /v1/api-keys", 200],
    ["GET /v1/mailboxes", 200],
    ["POST /v1/mailboxes", 202, { address_local: "new" }],
    ["POST /v1/mailboxes", 201, { address_local: "new", approval_code: "CODE" }],
    ["POST /v1/mailboxes", 409, { address_local: "new" }],
    ["POST /v1/mailboxes", 400, {}],
    ["GET /v1/mailboxes/{mailboxId}", 200],
    ["PATCH /v1/mailboxes/{mailboxId}", 200, { display_name: "Two" }],
    ["PATCH /v1/mailboxes/{mailboxId}", 400, { oversight_mode: "autonomous" }],
    ["GET /v1/mailboxes/{mailboxId}/allowlist", 200],
    ["POST /v1/mailboxes/{mailboxId}/allowlist", 202, { pattern: "*@z.example" }],
    ["POST /v1/mailboxes/{mailboxId}/allowlist", 403, { pattern: "*@z.example", approval_code: "no" }],
    ["POST /v1/mailboxes/{mailboxId}/allowlist", 201, { pattern: "*@z.example", approval_code: "CODE" }],
    ["POST /v1/mailboxes/{mailboxId}/allowlist", 409, { pattern: "*@z.example" }],
    ["DELETE /v1/mailboxes/{mailboxId}/allowlist/{entryId}", 202],
    ["DELETE /v1/mailboxes/{mailboxId}/allowlist/{entryId}", 200, { approval_code: "CODE" }],
    ["DELETE /v1/mailboxes/{mailboxId}/allowlist/{entryId}", 404],
    ["POST /v1/mailboxes/{mailboxId}/send", 202, email],
    ["POST /v1/mailboxes/{mailboxId}/send", 200, email],
    ["POST /v1/mailboxes/{mailboxId}/send", 409, { ...email, idempotency_key: "l" }],
    ["POST /v1/mailboxes/{mailboxId}/send", 400, {}],
    ["POST /v1/mailboxes/{mailboxId}/reply/{emailId}", 202, { markdown: "Yes", idempotency_key: "r" }],
    ["POST /v1/mailboxes/{mailboxId}/reply/{emailId}", 200, { markdown: "Yes", idempotency_key: "r" }],
    ["POST /v1/mailboxes/{mailboxId}/reply/{emailId}", 409, { markdown: "Yes" }],
    ["GET /v1/mailboxes/{mailboxId}/emails", 200],
    ["GET /v1/mailboxes/{mailboxId}/emails/{emailId}", 200],
    ["GET /v1/mailboxes/{mailboxId}/emails/{emailId}/tags", 200],
    ["PUT /v1/mailboxes/{mailboxId}/emails/{emailId}/tags", 200, { tags: { a: "b" } }],
    ["POST /v1/mailboxes/{mailboxId}/emails/{emailId}/cancel", 409],
    ["GET /v1/mailboxes/{mailboxId}/threads/{threadId}", 200],
    ["GET /v1/oversight/pending", 200],
    ["POST /v1/oversight/decide", 200, { email_id: held, action: "approve" }],
    ["POST /v1/oversight/decide", 409, { email_id: held, action: "reject" }],
    ["POST /v1/oversight/decide", 404, { email_id: "none", action: "reject" }],
    ["POST /v1/mailboxes/{mailboxId}/request-upgrade", 200, { target_mode: "monitored" }],
    ["POST /v1/mailboxes/{mailboxId}/upgrade", 403, { code: "no" }],
    ["POST /v1/mailboxes/{mailboxId}/upgrade", 200, { code: "CODE" }],
    ["POST /v1/mailboxes/{mailboxId}/request-upgrade", 400, { target_mode: "monitored" }],
    ["GET /v1/webhooks", 200],
    ["POST /v1/webhooks", 202, webhook],
    ["POST /v1/webhooks", 201, { ...webhook, approval_code: "CODE" }],
    ["GET /v1/audit-log", 200],
    ["GET /sandbox/outbox", 200],
    ["GET /sandbox/copies", 200],
    ["GET /sandbox/operator-mail", 200],
    ["POST /sandbox/inbound", 201, mail],
    ["POST /sandbox/inbound", 400, {}],
    ["POST /sandbox/mailboxes/{mailboxId}", 200, { mode: "gated_all" }],
    ["POST /sandbox/emails/{emailId}", 200, { status: "archived" }],
    ["POST /sandbox/decider", 200, { name: null }],
    ["POST /sandbox/faults", 201, { fault: "slow", delay_ms: 5, match: { path: "x" } }],
    ["GET /sandbox/faults", 200],
    ["DELETE /sandbox/faults", 200],
  ];
  const code = async (body: Record<string, unknown>) =>
    JSON.parse(JSON.stringify(body).replace('"CODE"', `"${await sandbox.code()}"`));
  const fill = (operation: string) => operation.replaceAll(/\{(\w+)\}/g, (_, name) => String(params[name]));

  const covered = new Set(["GET /v1/mailboxes/{mailboxId}/emails/{emailId}/attachments/{filename}"]);
  for (const [operation, want, body] of requests) {
    covered.add(operation);
    const answer = await sandbox.call(fill(operation), body && (await code(body)));
    assert.equal(answer.status, want, `${operation}: ${JSON.stringify(answer.body)}`);
    check(operation, answer.status, answer.body);
  }
  assert.deepEqual([...covered].sort(), [...operations.keys()].sort());

  for (const [name, operation] of operations) {
    if (operation.security !== undefined) continue;
    const answer = await sandbox.call(fill(name), undefined, null);
    assert.equal(answer.status, 401, name);
    check(name, answer.status, answer.body);
  }
});

test("openapi.yaml passes a public linter", async () => {
  const config = await createConfig({ extends: ["recommended"], rules: { "operation-4xx-response": "off" } });
  const problems = await lint({ ref: fileURLToPath(new URL("openapi.yaml", import.meta.url)), config });
  assert.deepEqual(
    problems.map(({ ruleId, message, location: [place] }) => `${place?.pointer ?? ""} ${ruleId}: ${message}`),
    [],
  );
});

test("members that openapi.yaml does not name are refused where it says so", async (t) => {
  const sandbox = await openSandbox(t);
  const strict = [...operations].filter(([, { requestBody }]) => {
    const schema = requestBody?.content["application/json"]?.schema;
    return schema?.additionalProperties === false;
  });
  assert.ok(strict.length >= 5);
  const email = await sandbox.send();
  for (const [operation, { requestBody }] of strict) {
    const { required = [], properties = {} } = requestBody?.content["application/json"]?.schema ?? {};
    const path = operation.replace("{mailboxId}", "m1").replace("{emailId}", email);
    // Only the unknown member is wrong with it: without, it is another answer, or another problem.
    const body = Object.fromEntries(required.map((name) => [name, sampleOf(properties[name])]));
    const refused = await sandbox.call<{ error: string }>(path, { ...body, surprise: 1 });
    assert.equal(refused.status, 400, operation);
    assert.match(refused.body.error, /surprise/, operation);
  }
});

/** Something that a schema takes. */
function sampleOf(schema: z.core.JSONSchema._JSONSchema | undefined): unknown {
  if (typeof schema !== "object") return "x";
  if (schema.enum !== undefined) return schema.enum[0];
  return schema.type === "object" ? {} : Array.isArray(schema.type) ? null : "m1";
}
