import assert from "node:assert/strict";
import { test } from "node:test";
import { TEAMS } from "@countersign/lifecycle/testing/teams";
import { startStack } from "../testing/start_stack.ts";

interface At {
  readonly url: string;
  readonly key: string;
}

/** What the door answers: status, headers and text. */
async function post({ url, key }: At, body: unknown, more: Readonly<Record<string, string>> = {}) {
  const response = await fetch(`${url}/mcp`, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${key}`,
      "Content-Type": "application/json",
      Accept: "application/json, text/event-stream",
      ...more,
    },
    body: JSON.stringify(body),
  });
  const names = ["content-type", "cache-control", "x-accel-buffering", "mcp-session-id"];
  const headers = Object.fromEntries(names.map((name) => [name, response.headers.get(name)]));
  return { status: response.status, headers, text: await response.text() };
}

const POLICY = { name: "email_policy", arguments: {} };

function callOf(params: unknown, id: number = 7): unknown {
  return { jsonrpc: "2.0", id, method: "tools/call", params };
}

test("KeptServer answers what the SDK's own handler answers, byte for byte", async (t) => {
  const stack = await startStack(t, TEAMS);
  const at = { url: stack.gateway.url, key: stack.keyOf("marketing/writer") };
  const calls: Readonly<Record<string, unknown>> = {
    "a policy": { name: "email_policy", arguments: {} },
    "no arguments": { name: "email_policy" },
    "a tool that there is not": { name: "drop_table", arguments: {} },
    "a progress token": { name: "email_policy", arguments: {}, _meta: { progressToken: "dust-1" } },
  };
  for (const [what, params] of Object.entries(calls)) {
    await t.test(what, async () => {
      // A batch is the SDK's own handler's.
      assert.deepEqual(await post(at, callOf(params)), await post(at, [callOf(params)]));
    });
  }
});

test("KeptServer gives each of many callers at once its own answer, by its own id", async (t) => {
  const stack = await startStack(t, TEAMS);
  const names = ["marketing/writer", "finance/chaser"];
  const answers = await Promise.all(
    Array.from({ length: 40 }, async (_, index) => {
      const name = names[index % 2] ?? "";
      const at = { url: stack.gateway.url, key: stack.keyOf(name) };
      const { text } = await post(at, callOf(POLICY, index % 3));
      return { name, id: index % 3, text };
    }),
  );
  for (const { name, id, text } of answers) {
    const message = JSON.parse(text.slice(text.indexOf("{")));
    assert.equal(message.id, id);
    const [team, assistant] = name.split("/");
    assert.ok(message.result.content[0].text.includes(`team ${team} for you, ${assistant}.`), text);
  }
});

test("KeptServer leaves a protocol version that nobody knows to the SDK", async (t) => {
  const stack = await startStack(t, TEAMS);
  const at = { url: stack.gateway.url, key: stack.keyOf("marketing/writer") };
  const headers = { "MCP-Protocol-Version": "1999-01-01" };
  const { status, text } = await post(at, callOf(POLICY), headers);
  assert.equal(status, 400);
  assert.match(text, /Unsupported protocol version: 1999-01-01/);
});
