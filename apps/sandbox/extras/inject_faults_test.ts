import assert from "node:assert/strict";
import { test } from "node:test";
import { M1, type OpenSandbox, openSandbox } from "../testing/open_sandbox.ts";

const draft = { to: ["a@client.example"], subject: "Hi", markdown: "Hello" };

async function outboxAfter(sandbox: OpenSandbox): Promise<number> {
  sandbox.advance();
  return (await sandbox.outbox()).length;
}

test("Faults that break the connection do it before or after the email is taken", async (t) => {
  for (const [fault, taken] of [
    ["drop_before_accept", 0],
    ["drop_after_accept", 1],
  ] as const) {
    const sandbox = await openSandbox(t);
    await sandbox.call("POST /sandbox/faults", { fault });
    await assert.rejects(sandbox.call(`POST ${M1}/send`, draft), TypeError);
    assert.equal(await outboxAfter(sandbox), taken, fault);
    await sandbox.send();
  }
});

test("Faults that answer say what MultiMail says", async (t) => {
  const cases: readonly [fault: string, status: number, error: RegExp, taken: number][] = [
    ["error_500_before", 500, /Internal/, 0],
    ["error_500_after", 500, /Internal/, 1],
    ["rate_limited", 429, /Rate/, 0],
    ["quota", 429, /quota/, 0],
    ["warmup", 429, /warm-up/, 0],
  ];
  for (const [fault, status, error, taken] of cases) {
    await t.test(fault, async (t) => {
      const sandbox = await openSandbox(t);
      await sandbox.call("POST /sandbox/faults", { fault });
      const answer = await sandbox.call<{ error: string }>(`POST ${M1}/send`, draft);
      assert.equal(answer.status, status);
      assert.match(answer.body.error, error);
      assert.equal(answer.headers.get("retry-after"), fault === "rate_limited" ? "1" : null);
      if (fault === "warmup") {
        assert.deepEqual(Object.keys(answer.body).sort(), [
          "daily_limit",
          "daily_sent",
          "error",
          "hint",
          "warmup_stage",
        ]);
      }
      assert.equal(await outboxAfter(sandbox), taken);
    });
  }
});

test("A malformed answer keeps its status, and the email is taken", async (t) => {
  const sandbox = await openSandbox(t);
  await sandbox.call("POST /sandbox/faults", { fault: "malformed_json" });
  const response = await fetch(`${sandbox.url}${M1}/send`, {
    method: "POST",
    headers: { authorization: `Bearer ${sandbox.apiKey}` },
    body: JSON.stringify(draft),
  });
  assert.equal(response.status, 202);
  assert.equal(response.headers.get("content-type"), "application/json");
  await assert.rejects(response.json(), SyntaxError);
  assert.equal(await outboxAfter(sandbox), 1);
});

test("A hanging request is taken and never answered", async (t) => {
  const sandbox = await openSandbox(t);
  await sandbox.call("POST /sandbox/faults", { fault: "hang" });
  const response = fetch(`${sandbox.url}${M1}/send`, {
    method: "POST",
    headers: { authorization: `Bearer ${sandbox.apiKey}` },
    body: JSON.stringify(draft),
    signal: AbortSignal.timeout(300),
  });
  await assert.rejects(response, { name: "TimeoutError" });
  assert.equal(await outboxAfter(sandbox), 1);
});

test("A slow request is answered late", async (t) => {
  const sandbox = await openSandbox(t);
  await sandbox.call("POST /sandbox/faults", { fault: "slow", delay_ms: 300 });
  const start = performance.now();
  await sandbox.send();
  assert.ok(performance.now() - start > 290);
  assert.equal(await outboxAfter(sandbox), 1);
});

test("A fault hits as many requests as asked, of those that match", async (t) => {
  const sandbox = await openSandbox(t);
  const status = async (request: string, body?: unknown) => (await sandbox.call(request, body)).status;
  const match = { method: "get", path: "/oversight/" };
  await sandbox.call("POST /sandbox/faults", { fault: "error_500_before", count: 2, match });
  await sandbox.call("POST /sandbox/faults", { fault: "quota" });
  assert.equal(await status(`GET ${M1}`), 200);
  assert.equal(await status("GET /v1/oversight/pending"), 500);
  assert.equal(await status("POST /v1/oversight/decide", {}), 400);
  const { body } = await sandbox.call("GET /sandbox/faults");
  assert.deepEqual(body.faults, [
    { fault: "error_500_before", count: 1, match },
    { fault: "quota", count: 1 },
  ]);
  assert.equal(await status("GET /v1/oversight/pending"), 500);
  assert.equal(await status("GET /v1/oversight/pending"), 200);
  const id = "none";
  assert.equal(await status(`POST ${M1}/emails/${id}/cancel`), 404);
  assert.equal(await status(`POST ${M1}/reply/${id}`, { markdown: "Hi" }), 429);
});

test("Faults can be cleared, and a wrong one is refused", async (t) => {
  const sandbox = await openSandbox(t);
  await sandbox.call("POST /sandbox/faults", { fault: "quota", count: 5 });
  await sandbox.call("DELETE /sandbox/faults");
  await sandbox.send();
  for (const body of [
    {},
    { fault: "earthquake" },
    { fault: "quota", count: 0 },
    { fault: "quota", count: "1" },
  ]) {
    assert.equal((await sandbox.call("POST /sandbox/faults", body)).status, 400);
  }
});
