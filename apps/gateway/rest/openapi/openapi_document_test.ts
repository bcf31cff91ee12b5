import assert from "node:assert/strict";
import { test } from "node:test";
import { TEAMS } from "@countersign/lifecycle/testing/teams";
import { createConfig, lintFromString } from "@redocly/openapi-core";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { type RestAnswer, type Stack, startStack } from "../../testing/start_stack.ts";
import { type OpenApiDocument, type OpenApiOperation, openapiDocument } from "./openapi_document.ts";

const DOCUMENT = openapiDocument({ version: "0.1.0", url: "https://countersign.acme.example" });

/** Every part of the document by the place where it stands. */
const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
ajv.addSchema({ $id: "document", ...(DOCUMENT as object) });

function operationsOf({ paths }: OpenApiDocument): ReadonlyMap<string, OpenApiOperation> {
  return new Map(
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation]),
    ),
  );
}

const OPERATIONS = operationsOf(DOCUMENT);

/** The operation that a request asks for. */
function find(method: string, path: string): readonly [name: string, operation: OpenApiOperation] {
  const [bare = ""] = path.split("?");
  for (const [name, operation] of OPERATIONS) {
    const pattern = `^${name.replaceAll(/[.*+?^$()|[\]\\]/g, "\\$&").replaceAll(/\{\w+\}/g, "[^/]+")}$`;
    if (new RegExp(pattern).test(`${method} ${bare}`)) return [name, operation];
  }
  throw new Error(`${method} ${path} is not documented`);
}

type Content = { readonly content?: Readonly<Record<string, unknown>> };

function checked(what: string, pointer: string, value: unknown): void {
  const validate = ajv.getSchema(`document#${pointer}`) as ValidateFunction;
  assert.ok(validate, `${what}: no schema at ${pointer}`);
  assert.ok(validate(value), `${what} ${JSON.stringify(value)}: ${ajv.errorsText(validate.errors)}`);
}

const escaped = (part: string) => encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"));

/** What a validating proxy does: a request that the document forbids is an error of the test's, an answer one of ours. */
async function ask(
  stack: Stack,
  method: string,
  path: string,
  { body, isWrong = false, as = "marketing/writer" }: { body?: unknown; isWrong?: boolean; as?: string } = {},
): Promise<RestAnswer> {
  const [name, operation] = find(method, path);
  const place = `/paths/${escaped(name.split(" ")[1] ?? "")}/${method.toLowerCase()}`;
  if (body !== undefined && !isWrong)
    checked(`request ${name}`, `${place}/requestBody/content/application~1json/schema`, body);
  const answer = await stack.call(method, path, { as, ...(body !== undefined && { body }) });
  const documented = operation.responses[answer.status] as (Content & { $ref?: string }) | undefined;
  assert.ok(documented, `${name} does not document ${answer.status}: ${JSON.stringify(answer.body)}`);
  const at = documented.$ref?.replace(/^#/, "") ?? `${place}/responses/${answer.status}`;
  checked(`answer ${name} ${answer.status}`, `${at}/content/application~1json/schema`, answer.body);
  return answer;
}

test("openapiDocument() passes a public linter", async () => {
  const config = await createConfig({ extends: ["recommended"] });
  const problems = await lintFromString({ source: JSON.stringify(DOCUMENT), config });
  assert.deepEqual(
    problems.map(({ ruleId, message, location }) => `${ruleId} ${location[0]?.pointer} ${message}`),
    [],
  );
});

test("openapiDocument() gives every operation a name of its own", () => {
  const names = [...OPERATIONS.values()].map(({ operationId }) => operationId);
  assert.equal(new Set(names).size, names.length);
  assert.equal(names.length, 19);
});

test("GET /openapi.json is served without a key, with the gateway's address, and names every route that there is", async (t) => {
  const stack = await startStack(t, TEAMS);
  const { status, body } = await stack.call("GET", "/openapi.json");
  assert.equal(status, 200);
  assert.deepEqual(body.servers, [{ url: stack.gateway.url }]);
  assert.deepEqual(Object.keys(body.paths), Object.keys(DOCUMENT.paths));
  for (const [name] of OPERATIONS) {
    const [method = "", path = ""] = name.split(" ");
    const filled = path.replaceAll(/\{\w+\}/g, "x");
    const answer = await stack.call(method, filled, { as: "marketing/writer" }).catch(() => undefined);
    assert.notEqual(answer?.body?.code, "route_not_governed", name);
  }
});

test("every kind of request and answer is as the document says", async (t) => {
  const stack = await startStack(t, TEAMS);
  const mail = (subject: string) => ({ to: "jane@acme.example", subject, body: "There" });
  const box = "/v1/mailboxes/mbx-marketing";

  const sent = await ask(stack, "POST", "/v1/send", { body: mail("One") });
  assert.equal(sent.status, 202);
  assert.equal((await ask(stack, "POST", "/v1/send", { body: mail("One") })).body.status, "duplicate_of");
  assert.equal((await ask(stack, "POST", "/v1/send", { body: { to: 1 }, isWrong: true })).status, 400);
  const denied = await ask(stack, "POST", "/v1/send", { body: { ...mail("Two"), to: ["a@rival.example"] } });
  assert.equal(denied.status, 403);
  assert.equal(
    (await ask(stack, "POST", "/v1/send", { body: mail("Three"), as: "nobody/at-all" })).status,
    401,
  );
  const receipt = await ask(stack, "GET", `/v1/receipts/${sent.body.receipt}`);
  assert.equal(receipt.status, 200);
  assert.equal((await ask(stack, "GET", "/v1/receipts/rcp_none")).status, 404);
  const report = { report: { period: "2026-W47", metrics: { Signups: 4 } } };
  const reported = await ask(stack, "POST", "/v1/report", {
    body: { ...report, recipients: ["jane@acme.example", "a@rival.example"] },
  });
  assert.equal(reported.status, 200);

  const inbound = (await stack.control("POST", "/sandbox/inbound", {
    mailbox_id: "mbx-marketing",
    from: "bob@acme.example",
    subject: "Hi",
    markdown: "Hi",
  })) as { id: string; thread_id: string };
  assert.equal((await ask(stack, "GET", `${box}/inbox?limit=5`)).body.emails.length, 1);
  const reply = await ask(stack, "POST", "/v1/reply", {
    body: { message_id: inbound.id, markdown: "Hello" },
  });
  assert.equal(reply.status, 202);

  assert.equal((await ask(stack, "GET", "/v1/mailboxes")).status, 200);
  assert.equal((await ask(stack, "GET", box)).status, 200);
  const theirs = { to: ["jane@acme.example"], subject: "Four", markdown: "There", idempotency_key: "k" };
  assert.equal((await ask(stack, "POST", `${box}/send`, { body: theirs })).status, 202);
  assert.equal((await ask(stack, "POST", `${box}/send`, { body: theirs })).status, 200);
  assert.equal(
    (await ask(stack, "POST", `${box}/send`, { body: { ...theirs, markdown: "Other" } })).status,
    409,
  );
  assert.equal(
    (await ask(stack, "POST", `${box}/reply/${inbound.id}`, { body: { markdown: "Again" } })).status,
    202,
  );
  assert.ok((await ask(stack, "GET", `${box}/emails?direction=inbound`)).body.emails.length > 0);
  assert.equal((await ask(stack, "GET", `${box}/emails/${inbound.id}`)).status, 200);
  assert.equal((await ask(stack, "GET", `${box}/emails/${inbound.id}/tags`)).status, 200);
  assert.equal((await ask(stack, "GET", `${box}/emails/${inbound.id}/attachments/none.txt`)).status, 404);
  assert.equal((await ask(stack, "GET", `${box}/threads/${inbound.thread_id}`)).status, 200);
  const later = { ...theirs, send_at: new Date(Date.now() + 3_600_000).toISOString(), idempotency_key: "l" };
  const scheduled = await ask(stack, "POST", `${box}/send`, { body: { ...later, subject: "Five" } });
  assert.equal((await ask(stack, "POST", `${box}/emails/${scheduled.body.id}/cancel`)).status, 200);
});
