import assert from "node:assert/strict";
import { test } from "node:test";
import { Agent, RetryAgent } from "undici";
import { startFakeServer } from "../testing/fake_server.ts";
import { type ExchangeRequest, exchange } from "./_exchange.ts";

function post(origin: string, more: Partial<ExchangeRequest> = {}): ExchangeRequest {
  return {
    origin,
    method: "POST",
    path: "/",
    headers: {},
    body: "{}",
    timeoutMs: 5000,
    maxBytes: 1000,
    signal: undefined,
    ...more,
  };
}

test("exchange() never writes a request that was given up while it waited for a connection", async (t) => {
  const server = await startFakeServer(t, (response) => setTimeout(() => response.end("late"), 300));
  const agent = new Agent({ connections: 1 });
  t.after(() => agent.destroy());
  const first = exchange(agent, post(server.baseUrl, { path: "/first" }));
  const second = await exchange(agent, post(server.baseUrl, { path: "/second", timeoutMs: 100 }));
  assert.deepEqual(second, { kind: "silent", written: false, problem: "no answer within 100 ms" });
  assert.equal((await first).kind, "answered");
  const third = await exchange(agent, post(server.baseUrl, { path: "/third" }));
  assert.equal(third.kind, "answered");
  assert.deepEqual(
    server.requests.map(({ path }) => path),
    ["/first", "/third"],
  );
});

test("exchange() never writes a request twice, even through a dispatcher that tries again", async (t) => {
  const server = await startFakeServer(t, (response) => response.socket?.resetAndDestroy());
  const agent = new RetryAgent(new Agent(), { methods: ["POST"], minTimeout: 1, maxRetries: 3 });
  t.after(() => agent.destroy());
  const exchanged = await exchange(agent, post(server.baseUrl));
  assert.equal(exchanged.kind, "silent");
  assert.equal(exchanged.kind === "silent" && exchanged.written, true);
  assert.equal(server.requests.length, 1);
});

test("exchange() does not ask when the caller gave up before", async (t) => {
  const server = await startFakeServer(t, [200, {}]);
  const agent = new Agent();
  t.after(() => agent.destroy());
  const exchanged = await exchange(agent, post(server.baseUrl, { signal: AbortSignal.abort() }));
  assert.deepEqual(exchanged, { kind: "silent", written: false, problem: "the caller gave up" });
  assert.equal(server.requests.length, 0);
});

test("exchange() does not know what became of a request when the caller gives up later", async (t) => {
  const caller = new AbortController();
  const server = await startFakeServer(t, () => caller.abort());
  const agent = new Agent();
  t.after(() => agent.destroy());
  const exchanged = await exchange(agent, post(server.baseUrl, { signal: caller.signal }));
  assert.deepEqual(exchanged, { kind: "silent", written: true, problem: "the caller gave up" });
});

test("exchange() waits for the final answer after an informational one", async (t) => {
  const server = await startFakeServer(t, (response) => {
    response.writeProcessing();
    setTimeout(() => response.writeHead(202).end("done"), 20);
  });
  const agent = new Agent();
  t.after(() => agent.destroy());
  const exchanged = await exchange(agent, post(server.baseUrl));
  assert.equal(exchanged.kind === "answered" && exchanged.status, 202);
});

test("exchange() says that nothing was written when its dispatcher is closed", async (t) => {
  const server = await startFakeServer(t, [200, {}]);
  const agent = new Agent();
  await agent.close();
  const exchanged = await exchange(agent, post(server.baseUrl));
  assert.deepEqual(exchanged, { kind: "silent", written: false, problem: "UND_ERR_DESTROYED" });
});
