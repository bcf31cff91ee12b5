import assert from "node:assert/strict";
import { request } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { readRpc } from "../testing/dust_client.ts";
import { salesTeams } from "../testing/sales_teams.ts";
import { startDust } from "../testing/start_dust.ts";
import { startStack } from "../testing/start_stack.ts";

const LIST = { jsonrpc: "2.0", id: 1, method: "tools/list" };

/** The same of revision 2026-07-28. */
const MODERN_LIST = {
  ...LIST,
  params: {
    _meta: {
      "io.modelcontextprotocol/protocolVersion": "2026-07-28",
      "io.modelcontextprotocol/clientInfo": { name: "c", version: "1" },
      "io.modelcontextprotocol/clientCapabilities": {},
    },
  },
};
const MODERN_HEADERS = { "mcp-protocol-version": "2026-07-28", "mcp-method": "tools/list" };

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
      ["invalid", "tool …", "deny"],
      ["invalid", "tools/call", "deny"],
    ],
  );
});

test("mcpDoor() answers in a type that the client takes", async (t) => {
  const { stack, url } = await startDust(t);
  const key = { authorization: `Bearer ${stack.keyOf("sales/bot")}` };
  const json = "application/json";
  const events = "text/event-stream";
  for (const [accept, wanted] of [
    ["*/*", [json]],
    [json, [json]],
    ["application/*;q=0.8", [json]],
    ["", [json]],
    [events, [events]],
    ["text/*", [events]],
    [`${events}, ${json};q=0`, [events]],
    [`${json}, ${events}`, [json, events]],
    [`${json}; charset=utf-8, text/event-stream;q=0.5, */*`, [json, events]],
  ] as const) {
    for (const body of [LIST, MODERN_LIST]) {
      const more = body === LIST ? {} : MODERN_HEADERS;
      const response = await post(url, { ...key, ...more, accept }, body);
      assert.equal(response.status, 200, accept);
      const type = response.headers.get("content-type")?.split(";")[0] ?? "";
      assert.ok((wanted as readonly string[]).includes(type), `${accept}: ${type}`);
      assert.match(JSON.stringify((await readRpc(response)).result), /"name":"email_policy"/);
    }
  }
  assert.equal((await post(url, { ...key, accept: "text/html" })).status, 406);
  const batch = await post(url, { ...key, accept: json }, [LIST, { ...LIST, id: 2 }]);
  assert.deepEqual(((await batch.json()) as { id: number }[]).map(({ id }) => id).sort(), [1, 2]);
  const notice = await post(
    url,
    { ...key, accept: "*/*" },
    { jsonrpc: "2.0", method: "notifications/initialized" },
  );
  assert.equal(notice.status, 202);
});

test("mcpDoor() takes /mcp/ for /mcp, whatever the method", async (t) => {
  const { stack, url } = await startDust(t);
  const key = { authorization: `Bearer ${stack.keyOf("sales/bot")}` };
  for (const method of ["GET", "DELETE", "PUT", "PATCH", "OPTIONS", "HEAD"]) {
    const [with_, without] = await Promise.all(
      ["/mcp/", "/mcp"].map((path) => fetch(url + path, { method, headers: key })),
    );
    assert.deepEqual([with_?.status, with_?.headers.get("allow")], [405, "POST"], method);
    assert.deepEqual([without?.status, without?.headers.get("allow")], [405, "POST"], method);
  }
  const headers = { ...key, "content-type": "application/json" };
  const response = await fetch(`${url}/mcp/`, { method: "POST", headers, body: JSON.stringify(LIST) });
  assert.equal(response.status, 200);
});

test("mcpDoor() negotiates the version in the body of initialize, whatever the header says", async (t) => {
  const { stack, url } = await startDust(t);
  const key = { authorization: `Bearer ${stack.keyOf("sales/bot")}` };
  const initialize = (protocolVersion: string) => ({
    jsonrpc: "2.0",
    id: 0,
    method: "initialize",
    params: { protocolVersion, capabilities: {}, clientInfo: { name: "c", version: "1" } },
  });
  for (const header of ["1999-01-01", "2099-01-01", "2026-07-28", "2024-11-05", "x", ""]) {
    for (const [asked, agreed] of [
      ["2025-06-18", "2025-06-18"],
      ["2099-01-01", "2025-11-25"],
    ] as const) {
      const response = await post(url, { ...key, "mcp-protocol-version": header }, initialize(asked));
      assert.equal(response.status, 200, header);
      assert.equal((await readRpc(response)).result?.protocolVersion, agreed);
    }
  }
});

test("mcpDoor() answers empty lists of what it does not have", async (t) => {
  const { stack, url, dust } = await startDust(t);
  const key = { authorization: `Bearer ${stack.keyOf("sales/bot")}` };
  for (const [method, list] of [
    ["resources/list", "resources"],
    ["resources/templates/list", "resourceTemplates"],
    ["prompts/list", "prompts"],
  ] as const) {
    assert.deepEqual((await dust.request(method, {})).result?.[list], [], method);
    const modern = { ...MODERN_LIST, method };
    const response = await post(url, { ...key, ...MODERN_HEADERS, "mcp-method": method }, modern);
    assert.deepEqual((await readRpc(response)).result?.[list], [], method);
  }
  assert.equal((await dust.request("resources/read", { uri: "x://y" })).error?.code, -32_601);
  assert.equal((await dust.request("constructor", {})).error?.code, -32_601);
});

test("mcpDoor() acknowledges a subscription with nothing", async (t) => {
  const { stack, url } = await startDust(t);
  const key = { authorization: `Bearer ${stack.keyOf("sales/bot")}` };
  const method = "subscriptions/listen";
  const { _meta } = MODERN_LIST.params;
  const listen = {
    jsonrpc: "2.0",
    id: 3,
    method,
    params: { notifications: { toolsListChanged: true }, _meta },
  };
  const events = await post(url, { ...key, ...MODERN_HEADERS, "mcp-method": method }, listen);
  const said = await events.text();
  assert.match(said, /"method":"notifications\/subscriptions\/acknowledged"[\s\S]*"notifications":\{\}/);
  assert.doesNotMatch(said, /"error"/);
  const json = await post(url, { ...key, ...MODERN_HEADERS, "mcp-method": method, accept: "*/*" }, listen);
  const { id, result } = (await json.json()) as { id: number; result: unknown };
  assert.ok(id === 3 && result !== undefined);
});

test("mcpDoor() answers to the further names that it is given", async (t) => {
  const stack = await startStack(
    t,
    salesTeams(),
    {},
    { variables: { ALLOWED_HOSTS: "Gateway.internal,10.0.0.7" } },
  );
  const { hostname, port } = new URL(stack.gateway.url);
  const statusOf = async (host: string): Promise<string> => {
    const body = JSON.stringify(LIST);
    const socket = connect(Number(port), hostname);
    socket.write(
      `POST /mcp HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${stack.keyOf("sales/bot")}\r\nConnection: close\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    return (await text(socket)).slice(9, 12);
  };
  for (const host of ["gateway.internal", "GATEWAY.internal:8080", "10.0.0.7", "127.0.0.1:1"]) {
    assert.equal(await statusOf(host), "200", host);
  }
  for (const host of ["internal", "x.gateway.internal", "10.0.0.70"])
    assert.equal(await statusOf(host), "403", host);
});
