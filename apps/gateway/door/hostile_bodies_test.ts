import assert from "node:assert/strict";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { DustClient } from "../testing/dust_client.ts";
import { SALES_MAILBOX, salesTeams } from "../testing/sales_teams.ts";
import { type Stack, startStack } from "../testing/start_stack.ts";

const EMAIL = { to: ["bob@acme.example"], subject: "Hi", body: "Hello" };
const SEND = "/v1/send";
const WIRE_SEND = `/v1/mailboxes/${SALES_MAILBOX}/send`;

/** JSON in which `"HALF"` is half a surrogate pair and `"FIGURE"` a figure that no number holds. */
function raw(body: unknown): string {
  return JSON.stringify(body).replaceAll("HALF", "\\ud83c").replaceAll('"FIGURE"', "12345678901234567890");
}

async function fieldsRefused(stack: Stack, path: string, body: unknown): Promise<string> {
  const answer = await stack.call("POST", path, { as: "sales/bot", body: raw(body) });
  assert.equal(answer.status, 400, JSON.stringify(answer.body));
  assert.equal(answer.body.code, "invalid_request");
  return answer.body.reasons.map(({ message }: { message: string }) => message.split(":")[0]).join();
}

test("the REST door refuses half a character by the name of its field, on every route, on record", async (t) => {
  const stack = await startStack(t, salesTeams());
  const file = { name: "a.txt", content_type: "text/plain", content_base64: "SGk=" };
  const cases: readonly [path: string, body: unknown, field: string][] = [
    [SEND, { ...EMAIL, subject: "Great news HALF" }, "subject"],
    [SEND, { ...EMAIL, body: "HALF" }, "body"],
    [SEND, { ...EMAIL, to: "HALF@acme.example" }, "to"],
    [SEND, { ...EMAIL, cc: ["bob@acme.example", "HALF"] }, "cc.1"],
    [SEND, { ...EMAIL, attachments: [{ ...file, name: "HALF.txt" }] }, "attachments.0.name"],
    [SEND, { ...EMAIL, idempotency_key: "HALF" }, "idempotency_key"],
    [SEND, { ...EMAIL, unknown: { deep: ["HALF"] } }, "unknown.deep.0"],
    [WIRE_SEND, { to: ["bob@acme.example"], subject: "Hi", markdown: "HALF" }, "markdown"],
    [`/v1/mailboxes/${SALES_MAILBOX}/reply/01K`, { markdown: "HALF" }, "markdown"],
    ["/v1/reply", { message_id: "HALF", body: "Hi" }, "message_id"],
    [
      "/v1/report",
      { report: { period: "HALF", metrics: { A: 1 } }, recipients: ["bob@acme.example"] },
      "report.period",
    ],
  ];
  for (const [path, body, field] of cases) assert.equal(await fieldsRefused(stack, path, body), field);
  for (const path of [
    `/v1/mailboxes/${SALES_MAILBOX}/emails?subject_contains=%ED%A0%BC`,
    `/v1/mailboxes/${SALES_MAILBOX}/inbox?cursor=%ED%A0%BC`,
    `/v1/mailboxes/${SALES_MAILBOX}/emails/01K/attachments/%ED%A0%BC.txt`,
  ]) {
    const { status, body } = await stack.call("GET", path, { as: "sales/bot" });
    assert.equal(status, 400, path);
    assert.match(body.error, /^(subject_contains|cursor|path): The text is not valid UTF-8/);
  }
  assert.equal((await stack.records({ kind: "intent" })).length, cases.length + 3);
  assert.equal((await stack.outbox()).length, 0);
});

test("both doors refuse a figure that would be altered, by its name", async (t) => {
  const stack = await startStack(t, salesTeams());
  const recipients = ["bob@acme.example"];
  const metrics = { Fine: 1, Signups: "FIGURE" };
  const body = { report: { period: "w", metrics }, recipients };
  assert.equal(await fieldsRefused(stack, "/v1/report", body), "report.metrics.Signups");
  const call = { name: "send_report", arguments: { period: "w", metrics, recipients } };
  const response = await fetch(`${stack.gateway.url}/mcp`, {
    method: "POST",
    headers: { authorization: `Bearer ${stack.keyOf("sales/bot")}`, "content-type": "application/json" },
    body: raw({ jsonrpc: "2.0", id: 7, method: "tools/call", params: call }),
  });
  const { id, result } = (await response.json()) as {
    id: number;
    result: { isError: boolean; content: [{ text: string }] };
  };
  assert.deepEqual([response.status, id, result.isError], [200, 7, true]);
  assert.match(
    result.content[0].text,
    /^DENIED \(invalid_request\)[\s\S]*metrics\.Signups: The figure has more digits/,
  );
  assert.equal((await stack.outbox()).length, 0);
});

test("the MCP door refuses half a character in a call's arguments as a result, and elsewhere as an error", async (t) => {
  const stack = await startStack(t, salesTeams());
  const post = async (message: unknown) => {
    const response = await fetch(`${stack.gateway.url}/mcp`, {
      method: "POST",
      headers: { authorization: `Bearer ${stack.keyOf("sales/bot")}`, "content-type": "application/json" },
      body: raw(message),
    });
    return `${response.status} ${await response.text()}`;
  };
  const call = (name: string, args: unknown) => ({
    jsonrpc: "2.0",
    id: 1,
    method: "tools/call",
    params: { name, arguments: args },
  });
  assert.match(
    await post(call("send_email", { ...EMAIL, subject: "HALF" })),
    /^200 .*DENIED.*subject: The text holds half/,
  );
  assert.match(await post(call("read_email", { email_id: "HALF" })), /^200 .*DENIED.*email_id: /);
  assert.match(await post(call("email_policy", { HALF: 1 })), /^200 .*DENIED.*half a character/);
  assert.match(await post(call("HALF", {})), /^400 .*params.name: /);
  assert.match(
    await post([call("send_email", { ...EMAIL, subject: "HALF" })]),
    /^400 .*0.params.arguments.subject: /,
  );
  assert.match(await post({ ...call("email_policy", {}), id: "FIGURE" }), /^400 .*id: The figure/);
  assert.equal((await stack.records({ kind: "intent" })).length, 6);
});

test("no door parses what is too deep or has too many fields, and a million unknown ones are not told one by one", async (t) => {
  const stack = await startStack(t, salesTeams({ attachments: { allow: ["text/csv"], max_bytes: "25MB" } }));
  const keys = `{${Array.from({ length: 1_000_000 }, (_, index) => `"k${index}":1`).join()}}`;
  const call = (args: string) =>
    `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"send_email","arguments":${args}}}`;
  for (const [path, body, why] of [
    [SEND, keys, /10000 fields/],
    [SEND, "[".repeat(2_000_000), /32 levels/],
    [WIRE_SEND, `{"to":${"[".repeat(2_000_000)}`, /32 levels/],
    ["/v1/report", `{"report":{"metrics":${keys}}}`, /10000 fields/],
    ["/mcp", call(keys), /10000 fields/],
    ["/mcp", call("[".repeat(2_000_000)), /32 levels/],
    ["/mcp", `[${call("{}")},${"[".repeat(2_000_000)}`, /32 levels/],
  ] as const) {
    const { status, body: answer } = await stack.call("POST", path, { as: "sales/bot", body });
    assert.equal(status, 400, path);
    assert.match(JSON.stringify(answer), why, path);
    assert.ok(JSON.stringify(answer).length < 1_000);
  }
  const many = JSON.stringify(
    Object.fromEntries(Array.from({ length: 9_000 }, (_, index) => [`k${index}`, 1])),
  );
  const { body } = await stack.call("POST", SEND, { as: "sales/bot", body: many });
  assert.equal(body.reasons.length, 20);
  const told = await new DustClient(stack.gateway.url, stack.keyOf("sales/bot")).call(
    "send_email",
    JSON.parse(many),
  );
  assert.ok(told.isError);
});

test("no door takes a body with Content-Encoding", async (t) => {
  const stack = await startStack(t, salesTeams());
  for (const path of [SEND, WIRE_SEND, "/v1/report", "/mcp", "/webhooks/multimail"]) {
    for (const encoding of ["gzip", "br", "identity, gzip", "x"]) {
      const headers = { "content-encoding": encoding };
      const answer = await stack.call("POST", path, { as: "sales/bot", body: EMAIL, headers });
      assert.equal(answer.status, 415, `${path} ${encoding}`);
    }
  }
  const headers = { "content-encoding": "identity" };
  assert.equal((await stack.call("POST", SEND, { as: "sales/bot", body: EMAIL, headers })).status, 202);
});

test("/healthz answers a probe of HTTP/1.0 that names no host", async (t) => {
  const stack = await startStack(t, salesTeams());
  const { port, hostname } = new URL(stack.gateway.url);
  const socket = connect(Number(port), hostname);
  socket.end("GET /healthz HTTP/1.0\r\n\r\n");
  assert.match(await text(socket), /^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\n\r\n\{"status":"ok"\}$/);
});
