import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { connect } from "node:net";
import { test } from "node:test";
import { TEAMS } from "@countersign/lifecycle/testing/teams";
import { until } from "@countersign/lifecycle/testing/until";
import type { LifecycleData } from "@countersign/trail";
import { type Stack, startStack } from "../testing/start_stack.ts";
import { subscribe } from "../testing/subscribe.ts";

async function send(stack: Stack, as: string, subject: string): Promise<{ receipt: string; id: string }> {
  const body = { to: "jane@acme.example", subject, body: `${subject}, dear Jane` };
  const answer = await stack.call("POST", "/v1/send", { as, body });
  assert.equal(answer.status, 202, JSON.stringify(answer.body));
  return answer.body;
}

/** Posts what somebody who has the secret, or says so, may post. */
async function tell(stack: Stack, body: string | object, options: { key?: string; signature?: string } = {}) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const { key = stack.sandbox.webhookSecret } = options;
  const { signature = `sha256=${createHmac("sha256", key).update(text).digest("hex")}` } = options;
  const response = await fetch(`${stack.gateway.url}/webhooks/multimail`, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      ...(signature !== "" && { "X-MultiMail-Signature": signature }),
    },
    body: text,
  });
  return { status: response.status, body: (await response.json()) as { code?: string } };
}

function event(name: string, emailId: string): object {
  const data = { email_id: emailId, from: "a@b.example", to: [], subject: "x", direction: "outbound" };
  return { event: name, timestamp: new Date().toISOString(), data };
}

async function events(stack: Stack, receipt?: string): Promise<readonly LifecycleData[]> {
  const records = await stack.records({ kind: "lifecycle", ...(receipt !== undefined && { receipt }) });
  return records.flatMap(({ record: { data } }) => (data.event === "unknown" ? [] : [data]));
}

test("POST /webhooks/multimail learns at once what happens to an email", async (t) => {
  const stack = await startStack(t, TEAMS, { scanMs: 100 });
  await subscribe(stack);
  const { receipt, id } = await send(stack, "finance/chaser", "Invoice 1");
  await until(async () => (await events(stack, receipt)).some(({ event }) => event === "held"));
  await stack.lead.decide(id, "approve");
  const found = await until(async () => {
    const all = await events(stack, receipt);
    return all.some(({ event }) => event === "delivered") && all;
  });
  assert.deepEqual(
    found.map(({ event, learnt_by }) => [event, learnt_by]),
    ["held", "approved", "sent", "delivered"].map((name) => [name, "webhook"]),
  );
});

test("POST /webhooks/multimail believes nothing that is not signed, or that the API does not confirm", async (t) => {
  const stack = await startStack(t, TEAMS);
  const { receipt, id } = await send(stack, "finance/chaser", "Invoice 1");
  await until(async () => (await events(stack, receipt)).length === 1);
  const approved = event("oversight.approved", id);
  assert.deepEqual(
    await tell(stack, approved, { signature: "" }).then(({ status, body }) => [status, body.code]),
    [401, "missing_signature"],
  );
  for (const wrong of [
    { key: "whsec_other" },
    { key: "" },
    { signature: "sha256=00" },
    { signature: "sha256=" },
  ]) {
    const { status, body } = await tell(stack, approved, wrong);
    assert.deepEqual([status, body.code], [401, "wrong_signature"], JSON.stringify(wrong));
  }
  // Signed by a thief: the email still waits, is somebody else's, or does not exist.
  for (const name of ["approved", "rejected"])
    assert.equal((await tell(stack, event(`oversight.${name}`, id))).status, 202);
  for (const name of ["sent", "delivered", "bounced", "complained"]) {
    for (const email of [id, "01OTHERACCOUNTSEMAIL", "../../account", "' OR 1=1 --", "x".repeat(10_000)]) {
      assert.equal((await tell(stack, event(`message.${name}`, email))).status, 202);
    }
  }
  assert.equal((await tell(stack, event("message.received", id))).status, 202);
  // Without the prefix, as MultiMail may read its secret.
  const bare = stack.sandbox.webhookSecret.replace("whsec_", "");
  assert.equal((await tell(stack, approved, { key: bare })).status, 202);
  assert.equal(
    (await stack.call("GET", `/v1/receipts/${receipt}`, { as: "finance/chaser" })).body.status,
    "pending",
  );
  assert.deepEqual(
    (await events(stack)).map(({ event }) => event),
    ["held"],
  );
  const refused = await stack.records({ kind: "refused" });
  assert.deepEqual(refused[0]?.record.data, {
    refused: [{ door: "webhook", code: "missing_signature", count: 1 }],
  });
});

test("POST /webhooks/multimail refuses what is no event, is too large, or cannot be checked", async (t) => {
  const stack = await startStack(t, TEAMS);
  for (const body of ["", "null", "[]", "{", "{}", '{"event":7}', "\u0000"]) {
    assert.equal((await tell(stack, body)).status, 400, JSON.stringify(body));
  }
  assert.equal((await tell(stack, "x".repeat(256 * 1024 + 1))).status, 413);
  assert.equal(
    (await tell(stack, { ...event("message.sent", "01A"), pad: "x".repeat(250_000) })).status,
    202,
  );
});

test("POST /webhooks/multimail records an event that nobody knows once, and not many of them", async (t) => {
  const stack = await startStack(t, TEAMS);
  for (const name of ["mailbox.exploded", "mailbox.exploded", "hostile \u0000 name"]) {
    assert.equal((await tell(stack, event(name, "01A"))).status, 202);
  }
  await Promise.all(Array.from({ length: 120 }, (_, n) => tell(stack, event(`unheard.of.${n}`, "01A"))));
  const found = await until(async () => {
    const all = await stack.records({ kind: "lifecycle" });
    return all.length >= 100 && all;
  });
  assert.equal(found.length, 100);
  assert.deepEqual(
    found.slice(0, 2).map(({ record: { receipt, data } }) => [receipt, data.event, data.name]),
    [
      [null, "unknown", "mailbox.exploded"],
      [null, "unknown", "(no name)"],
    ],
  );
});

/** Posts bodies over one connection without waiting for answers, and counts those that say 202. */
async function postAll(stack: Stack, bodies: readonly string[]): Promise<number> {
  const { hostname, port, host } = new URL(stack.gateway.url);
  const requests = bodies.map((body) => {
    const signature = createHmac("sha256", stack.sandbox.webhookSecret).update(body).digest("hex");
    const head = `POST /webhooks/multimail HTTP/1.1\r\nHost: ${host}\r\nX-MultiMail-Signature: sha256=${signature}`;
    return `${head}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  });
  const socket = connect(Number(port), hostname);
  socket.write(requests.join(""));
  let text = "";
  for await (const chunk of socket) {
    text += String(chunk);
    if (text.split("HTTP/1.1 ").length > bodies.length && text.endsWith("}")) break;
  }
  return text.split("HTTP/1.1 202 ").length - 1;
}

test("10,000 events at once change nothing that they should not, and the gateway goes on", async (t) => {
  const stack = await startStack(t, TEAMS);
  const { receipt, id } = await send(stack, "marketing/writer", "News");
  await until(async () => (await events(stack, receipt)).length === 2);
  const size = (await stack.records()).length;
  const names = ["message.sent", "message.delivered", "oversight.approved", "message.bounced"];
  const bodies = Array.from({ length: 10_000 }, (_, n) =>
    JSON.stringify(event(names[n % 4] ?? "", n % 8 < 4 ? id : `01FOREIGN${n}`)),
  );
  const [health, ...taken] = await Promise.all([
    stack.call("GET", "/healthz"),
    ...Array.from({ length: 20 }, (_, n) => postAll(stack, bodies.slice(n * 500, n * 500 + 500))),
  ]);
  assert.equal(health.status, 200);
  assert.deepEqual(
    taken,
    taken.map(() => 500),
  );
  // One that is true comes through after them.
  assert.equal((await tell(stack, event("message.complained", id))).status, 202);
  await until(async () => (await events(stack, receipt)).length === 3);
  assert.equal((await stack.records()).length, size + 1);
  const { body } = await stack.call("GET", `/v1/receipts/${receipt}`, { as: "marketing/writer" });
  assert.deepEqual(
    [body.status, body.message],
    ["delivered", "The recipient complained that the email was spam"],
  );
});
