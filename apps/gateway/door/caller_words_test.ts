import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { TEAMS } from "@countersign/lifecycle/testing/teams";
import { eraseValues, findPersonValues, type SealedRow, verifyTrail } from "@countersign/trail";
import { openTrailAt } from "@countersign/trail/open";
import { startStack } from "../testing/start_stack.ts";

/** A word of the caller's, which the product cannot know. */
const MARK = "Zqmarkq";
const JANE = `${MARK}@acme.example`;
const base64 = (text: string) => Buffer.from(text).toString("base64");

const FILE = {
  name: `${MARK}.txt`,
  content_type: `text/plain; name="${MARK}.txt"`,
  content_base64: base64(`${MARK} in a file`),
};

/** Every field of an email, each with the mark. */
const EMAIL = {
  to: [JANE],
  cc: [`"${MARK}" <cc+${MARK}@acme.example>`],
  subject: `${MARK} subject`,
  body: `${MARK} body`,
  attachments: [FILE, { ...FILE, content_type: `x-${MARK}/${MARK}` }],
  idempotency_key: `key-${MARK}`,
  send_at: MARK,
  revises: MARK,
  mailbox_id: MARK,
  [MARK]: MARK,
};
const { send_at, revises, mailbox_id, [MARK]: _, attachments, ...GOOD } = EMAIL;

type Request = readonly [method: string, path: string, body?: unknown];

const REQUESTS: readonly Request[] = [
  ["POST", "/v1/send", GOOD],
  ["POST", "/v1/send", { ...GOOD, subject: `Other ${MARK}` }],
  ["POST", "/v1/send", { ...GOOD, attachments, idempotency_key: `a-${MARK}` }],
  ["POST", "/v1/send", EMAIL],
  ["POST", "/v1/send", { ...GOOD, mailbox_id }],
  ["POST", "/v1/send", { ...GOOD, send_at }],
  ["POST", "/v1/send", { ...GOOD, revises }],
  ["POST", "/v1/send", { ...GOOD, to: [`${MARK} is nobody`, JANE] }],
  ["POST", "/v1/send", MARK],
  ["POST", "/v1/reply", { message_id: MARK, body: MARK, cc: [JANE], idempotency_key: MARK }],
  ["POST", "/v1/reply", { message_id: MARK, [MARK]: MARK }],
  [
    "POST",
    "/v1/report",
    { report: { period: MARK, metrics: { [MARK]: MARK } }, recipients: [JANE], note: MARK },
  ],
  ["POST", "/v1/report", { report: { period: MARK, [MARK]: 1 }, recipients: [JANE], subject: MARK }],
  ["GET", `/v1/mailboxes/${MARK}/inbox?limit=${MARK}&${MARK}=1`],
  ["GET", `/v1/receipts/${MARK}`],
  ["GET", `/v1/receipts/rcp_${MARK}`],
  ["GET", `/v1/mailboxes/${MARK}`],
  ["GET", `/v1/mailboxes/mbx-finance/emails?sender=${MARK}&cursor=${MARK}&status=${MARK}&${MARK}=${MARK}`],
  ["GET", `/v1/mailboxes/mbx-finance/emails/${MARK}`],
  ["GET", `/v1/mailboxes/mbx-finance/emails/${MARK}/attachments/${MARK}.pdf`],
  ["GET", `/v1/mailboxes/mbx-finance/threads/${MARK}`],
  ["GET", `/v1/mailboxes/mbx-finance/emails/${MARK}/tags`],
  ["POST", `/v1/mailboxes/mbx-finance/emails/${MARK}/cancel`, {}],
  ["POST", `/v1/mailboxes/mbx-finance/reply/${MARK}`, { markdown: MARK }],
  ["POST", "/v1/mailboxes/mbx-finance/send", { to: JANE, subject: MARK, markdown: MARK, [MARK]: MARK }],
  ["GET", `/v1/contacts/${MARK}`],
  ["DELETE", `/${MARK}/%5aqmarkq?${MARK}`],
];

const TOOLS: readonly (readonly [name: string, args: unknown])[] = [
  [MARK, {}],
  ["send_email", { ...GOOD, idempotency_key: `m-${MARK}` }],
  ["send_email", EMAIL],
  ["reply_email", { email_id: MARK, body: MARK }],
  ["check_inbox", { from: MARK, subject: MARK, since_id: MARK, [MARK]: 1 }],
  ["read_email", { email_id: MARK }],
  ["get_thread", { thread_id: MARK }],
  ["email_status", { receipt: MARK }],
  ["cancel_message", { receipt: MARK }],
  ["send_report", { period: MARK, metrics: { [MARK]: 1 }, recipients: [JANE], note: MARK }],
  ["email_policy", { [MARK]: MARK }],
];

test("No record keeps a caller's own words in clear, whatever field of whatever door they are in, and an erasure leaves none", async (t) => {
  const stack = await startStack(t, TEAMS);
  const as = "finance/chaser";
  const headers = { "User-Agent": MARK, "X-Request-Id": MARK, "Idempotency-Key": MARK };
  for (const [method, path, body] of REQUESTS) {
    await stack.call(method, path, { as, headers, ...(body !== undefined && { body }) });
  }
  for (const [name, args] of TOOLS) {
    await fetch(`${stack.gateway.url}/mcp`, {
      method: "POST",
      headers: {
        ...headers,
        Authorization: `Bearer ${stack.keyOf(as)}`,
        "Content-Type": "application/json",
        Accept: "application/json, text/event-stream",
      },
      body: JSON.stringify({
        jsonrpc: "2.0",
        id: MARK,
        method: "tools/call",
        params: { name, arguments: args, _meta: { progressToken: MARK, [MARK]: MARK } },
      }),
    }).then((response) => response.text());
  }
  await stack.gateway.close();
  const trail = await openTrailAt({ dataDir: stack.dataDir });
  const mark = new RegExp(MARK, "i");
  let intents = 0;
  for await (const { record, json } of trail.records()) {
    if (record.kind === "intent") intents++;
    assert.doesNotMatch(json, mark);
  }
  assert.ok(intents >= REQUESTS.length + TOOLS.length - 3, `${intents} intents`);
  const everybody = [JANE, `cc@acme.example`, `cc+${MARK}@acme.example`];
  for (const person of everybody) {
    const { addresses, contents, texts, mentions } = await findPersonValues(trail, person);
    const commitments = [...new Set([...addresses, ...contents, ...texts, ...mentions])];
    await eraseValues(trail, { by: "officer", reason: "Request 17", now: Date.now(), commitments });
  }
  // Replies to emails that there are not name nobody: they are sealed, and go by themselves.
  const left: SealedRow[] = [];
  for await (const row of trail.values()) if (mark.test(row.value ?? "")) left.push(row);
  assert.deepEqual(new Set(left.map(({ kind }) => kind)), new Set(["body"]));
  const commitments = left.map(({ commitment }) => commitment);
  await eraseValues(trail, { by: "officer", reason: "Request 18", now: Date.now(), commitments });
  await trail.scrub();
  assert.ok((await verifyTrail(trail)).ok);
  await trail.close();
  for (const name of await readdir(stack.dataDir)) {
    if (!name.startsWith("trail.sqlite")) continue;
    assert.doesNotMatch((await readFile(join(stack.dataDir, name))).toString("latin1"), mark, name);
  }
});
