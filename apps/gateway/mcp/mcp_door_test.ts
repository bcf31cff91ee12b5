import assert from "node:assert/strict";
import { request } from "node:http";
import { test } from "node:test";
import { readRpc } from "./testing/dust_client.ts";
import { startDust } from "./testing/start_dust.ts";

const LIST = { jsonrpc: "2.0", id: 1, method: "tools/list" };

function post(url: string, headers: Record<string, string>, body: unknown = LIST): Promise<Response> {
  return fetch(`${url}/mcp`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...headers,
    },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

test("mcpDoor() answers 401 to a missing or unknown key", async (t) => {
  const { stack, url } = await startDust(t);
  const cases: readonly Record<string, string>[] = [
    {},
    { authorization: "Bearer csk_wrong" },
    { authorization: `Basic ${stack.keyOf("sales/bot")}` },
  ];
  for (const headers of cases) {
    const response = await post(url, headers);
    assert.equal(response.status, 401);
    assert.equal(response.headers.get("www-authenticate"), "Bearer");
    assert.ok((await readRpc(response)).error?.message);
  }
});

test("mcpDoor() tells searches for a sign-in that there is none, in JSON", async (t) => {
  const { url } = await startDust(t);
  for (const path of [
    "/.well-known/oauth-protected-resource",
    "/.well-known/oauth-protected-resource/mcp",
    "/.well-known/oauth-authorization-server",
    "/.well-known/oauth-authorization-server/mcp",
    "/.well-known/openid-configuration",
    "/.well-known/openid-configuration/mcp",
    "/mcp/.well-known/openid-configuration",
    "/register",
  ]) {
    const response = await fetch(url + path, { method: path === "/register" ? "POST" : "GET" });
    assert.equal(response.status, 404, path);
    assert.equal(((await response.json()) as { error: string }).error, "not_found");
  }
});

test("mcpDoor() takes POST only", async (t) => {
  const { stack, url } = await startDust(t);
  for (const method of ["GET", "DELETE", "PUT", "OPTIONS"]) {
    const headers = { authorization: `Bearer ${stack.keyOf("sales/bot")}` };
    const response = await fetch(`${url}/mcp`, { method, headers });
    assert.equal(response.status, 405, method);
    assert.equal(response.headers.get("allow"), "POST", method);
  }
});

test("mcpDoor() refuses what is no request, and puts it on record", async (t) => {
  const { stack, url, intents } = await startDust(t);
  const key = { authorization: `Bearer ${stack.keyOf("sales/bot")}` };
  const cases: readonly [headers: Record<string, string>, body: unknown, status: number][] = [
    [{ "content-type": "text/plain" }, LIST, 415],
    [{}, "{", 400],
    [{}, "[".repeat(100_000), 400],
    [{}, `{"a": "${"x".repeat(17 << 20)}"}`, 413],
    [{}, Array(51).fill(LIST), 400],
  ];
  for (const [headers, body, status] of cases) {
    const response = await post(url, { ...key, ...headers }, body);
    assert.equal(response.status, status);
    assert.ok((await readRpc(response)).error?.message);
  }
  const attempted = (await intents()).map(({ data }) => data.attempted);
  assert.deepEqual(attempted, Array(cases.length).fill("POST /mcp"));
  assert.equal((await post(url, key)).status, 200);
});

test("mcpDoor() answers only to its own names, and to no page of another origin", async (t) => {
  const { stack, url } = await startDust(t);
  const { port } = new URL(url);
  // fetch sets the host itself.
  const statusOf = (named: Record<string, string>): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${stack.keyOf("sales/bot")}`,
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        ...named,
      };
      const call = request(`${url}/mcp`, { method: "POST", headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      call.on("error", reject);
      call.end(JSON.stringify(LIST));
    });
  for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, "[::1]", "LOCALHOST:443"]) {
    assert.equal(await statusOf({ host }), 200, host);
  }
  for (const host of ["evil.example", `127.0.0.1.evil.example:${port}`, "localhost.evil.example", "a b"]) {
    assert.notEqual(await statusOf({ host }), 200, host);
  }
  for (const origin of ["http://127.0.0.1:8787", "http://localhost:6274"]) {
    assert.equal(await statusOf({ origin }), 200, origin);
  }
  for (const origin of ["https://evil.example", "null", "https://localhost.evil.example", "file://"]) {
    assert.equal(await statusOf({ origin }), 403, origin);
  }
});

test("mcpDoor() puts an unknown tool and malformed arguments on record, and answers with an error", async (t) => {
  const { dust, intents } = await startDust(t);
  const unknown = await dust.request("tools/call", { name: "delete_everything\n", arguments: {} });
  assert.match(unknown.error?.message ?? "", /Unknown tool "delete_everything": there are send_email, /);
  const malformed = await dust.request("tools/call", { name: "send_email", arguments: ["a"] });
  assert.ok(malformed.error !== undefined);
  assert.deepEqual(
    (await intents()).map(({ data }) => [data.action, data.attempted, data.effect]),
    [
      ["invalid", "tool delete_everything", "deny"],
      ["invalid", "tools/call", "deny"],
    ],
  );
});
