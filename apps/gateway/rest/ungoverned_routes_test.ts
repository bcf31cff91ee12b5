import assert from "node:assert/strict";
import { request } from "node:http";
import { test } from "node:test";
import { TEAMS } from "@countersign/lifecycle/testing/teams";
import type { IntentData } from "@countersign/trail";
import { type Stack, startStack } from "../testing/start_stack.ts";

const OWN = "/v1/mailboxes/mbx-marketing";
const THEIRS = "/v1/mailboxes/mbx-finance";

interface RawAnswer {
  readonly status: number;
  readonly code?: string;
}

/** Asks with the path as it is written here: `fetch` would tidy it up. */
function ask({ gateway, keyOf }: Stack, line: string): Promise<RawAnswer> {
  const [method = "", path = ""] = line.split(" ");
  const body = ["POST", "PUT", "PATCH"].includes(method)
    ? JSON.stringify({ to: ["jane@acme.example"], subject: "Hello", markdown: "Hello there" })
    : "";
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(gateway.url);
    const headers = {
      Authorization: `Bearer ${keyOf("marketing/writer")}`,
      "Content-Type": "application/json",
      "Content-Length": Buffer.byteLength(body),
    };
    request({ hostname, port, method, path, headers }, async (response) => {
      const text = Buffer.concat(await response.toArray()).toString();
      const { code } = text === "" ? {} : JSON.parse(text);
      resolve({ status: response.statusCode ?? 0, ...(code !== undefined && { code }) });
    })
      .on("error", reject)
      .end(body);
  });
}

async function lastIntent(stack: Stack): Promise<IntentData> {
  const [last] = await stack.records({ kind: "intent", newestFirst: true, limit: 1 });
  return last?.record.data ?? assert.fail("There is no intent");
}

/** Everything else that MultiMail has, governed routes by other methods, and governed routes not quite as they are. */
const UNGOVERNED = `
GET /health
GET /v1
GET /v1/
GET /v1/account
GET /v1/usage
GET /v1/contacts
GET /v1/audit-log
GET /v1/api-keys
POST /v1/api-keys
GET /v1/webhooks
POST /v1/webhooks
GET /v1/oversight/pending
POST /v1/oversight/decide
POST /v1/mailboxes
GET /v1/mailboxes/
PATCH ${OWN}
PUT ${OWN}
DELETE ${OWN}
GET ${OWN}/
GET ${OWN}/allowlist
POST ${OWN}/allowlist
DELETE ${OWN}/allowlist/1
POST ${OWN}/request-upgrade
POST ${OWN}/upgrade
POST ${OWN}/emails
GET ${OWN}/emails/
POST ${OWN}/emails/1
PATCH ${OWN}/emails/1
DELETE ${OWN}/emails/1
GET ${OWN}/emails/1/raw
GET ${OWN}/emails/1/cancel
POST ${OWN}/emails/1/approve
PUT ${OWN}/emails/1/tags
GET ${OWN}/send
PUT ${OWN}/send
OPTIONS ${OWN}/send
TRACE ${OWN}/send
PROPFIND ${OWN}
GET ${OWN}/reply/1
POST ${OWN}/send/
POST ${OWN}//send
POST ${OWN}/./send/x
POST ${OWN}/emails/../send/x
POST ${OWN}/SEND
POST ${OWN}/send%2F
POST ${OWN}%2Fsend
POST /v1/mailboxes%2Fmbx-marketing/send
POST //v1/mailboxes/mbx-marketing/send
POST /v1//mailboxes/mbx-marketing/send
POST /V1/mailboxes/mbx-marketing/send
POST /v1/send/
POST /v1/Send
POST /v1/send%20
POST /v1/send;x=1
GET /v1/send
GET /v1/receipts
DELETE /v1/receipts/rcp_1
GET /sandbox/outbox
GET ${OWN}/emails/%2E%2E
GET ${OWN}/threads/..
POST ${OWN}/reply/%2e%2e
`
  .trim()
  .split("\n");

/** Paths that would reach another mailbox, or another of MultiMail's routes, if somebody on the way tidied them up. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  [`GET ${THEIRS}`]: "mailbox_not_allowed",
  [`GET ${THEIRS}/emails`]: "mailbox_not_allowed",
  [`POST ${THEIRS}/send`]: "mailbox_not_allowed",
  "GET /v1/mailboxes/MBX-MARKETING": "mailbox_not_allowed",
  "GET /v1/mailboxes/mbx-marketing%20": "mailbox_not_allowed",
  "GET /v1/mailboxes/mbx-nobody": "mailbox_not_allowed",
  [`GET ${OWN}/../mbx-finance/emails`]: "mailbox_not_allowed",
  [`GET ${OWN}%2F..%2Fmbx-finance/emails`]: "mailbox_not_allowed",
  [`GET ${OWN}/emails/..%2F..%2Fmbx-finance`]: "invalid_request",
  [`GET ${OWN}/emails/a%00b`]: "invalid_request",
  [`GET ${OWN}/emails/%zz`]: "invalid_request",
  [`GET ${OWN}/emails/%ff`]: "invalid_request",
  [`GET ${OWN}/threads/%2e%2e%2Femails`]: "invalid_request",
  [`GET ${OWN}/emails/1/attachments/..%2F..%2Ftags`]: "invalid_request",
  [`GET ${OWN}/emails/01KNONE`]: "not_found",
};

test("the REST door refuses every route that it does not govern, however it is written, on record", async (t) => {
  const stack = await startStack(t, TEAMS);
  for (const line of UNGOVERNED) {
    assert.deepEqual(await ask(stack, line), { status: 403, code: "route_not_governed" }, line);
    assert.equal((await lastIntent(stack)).effect, "deny", line);
  }
  assert.equal((await ask(stack, `HEAD ${OWN}/send`)).status, 403);
  assert.equal((await ask(stack, "HEAD /v1/account")).status, 403);
  assert.equal((await stack.records({ kind: "outcome" })).length, 0);
  assert.deepEqual(await stack.outbox(), []);
});

test("the REST door lets no path reach another mailbox, nor another of MultiMail's routes", async (t) => {
  const stack = await startStack(t, TEAMS);
  for (const [line, code] of Object.entries(ELSEWHERE))
    assert.equal((await ask(stack, line)).code, code, line);
  assert.deepEqual(await stack.outbox(), []);
  assert.deepEqual(await stack.lead.listPending(), []);
});
