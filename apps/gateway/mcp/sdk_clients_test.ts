import assert from "node:assert/strict";
import { test } from "node:test";
import {
  Client as ClientV2,
  StreamableHTTPClientTransport as TransportV2,
} from "@modelcontextprotocol/client";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as TransportV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { readRpc } from "../testing/dust_client.ts";
import { startDust } from "../testing/start_dust.ts";

const EMAIL = { to: ["ann@client.example"], subject: "Your order", body: "It is on its way." };

test("The SDK's client of version 1 lists and calls", async (t) => {
  const { stack, url } = await startDust(t);
  const client = new ClientV1({ name: "test", version: "1" });
  const headers = { authorization: `Bearer ${stack.keyOf("sales/bot")}` };
  const transport = new TransportV1(new URL(`${url}/mcp`), { requestInit: { headers } });
  // Its own types do not agree with each other under exactOptionalPropertyTypes.
  await client.connect(transport as Transport);
  const { tools, nextCursor } = await client.listTools();
  assert.equal(tools.length, 9);
  assert.equal(nextCursor, undefined);
  const result = await client.callTool({ name: "send_email", arguments: EMAIL });
  assert.match(JSON.stringify(result.content), /HELD: /);
  await client.close();
});

test("The SDK's client of version 2 lists and calls, in each era", async (t) => {
  const { stack, url } = await startDust(t);
  const authProvider = { token: async () => stack.keyOf("sales/bot") };
  for (const [mode, subject] of [
    ["legacy", "One"],
    ["auto", "Two"],
  ] as const) {
    const client = new ClientV2({ name: "test", version: "1" }, { versionNegotiation: { mode } });
    await client.connect(new TransportV2(new URL(`${url}/mcp`), { authProvider }));
    const version = client.getNegotiatedProtocolVersion();
    assert.equal(version, mode === "auto" ? "2026-07-28" : "2025-11-25");
    const { tools } = await client.listTools();
    assert.equal(tools.length, 9);
    const result = await client.callTool({ name: "send_email", arguments: { ...EMAIL, subject } });
    assert.match(JSON.stringify(result.content), /HELD: /);
    const denied = await client.callTool({ name: "send_email", arguments: { ...EMAIL, form: "x" } });
    assert.equal(denied.isError, true);
    await client.close();
  }
});

test("Every revision of the protocol since 2025 is spoken, without a handshake first", async (t) => {
  const { stack, url } = await startDust(t);
  for (const version of ["2025-03-26", "2025-06-18", "2025-11-25"]) {
    const post = async (body: unknown) =>
      readRpc(
        await fetch(`${url}/mcp`, {
          method: "POST",
          headers: {
            authorization: `Bearer ${stack.keyOf("sales/bot")}`,
            "content-type": "application/json",
            accept: "application/json, text/event-stream",
            "mcp-protocol-version": version,
          },
          body: JSON.stringify(body),
        }),
      );
    const params = { protocolVersion: version, capabilities: {}, clientInfo: { name: "t", version: "1" } };
    const hello = await post({ jsonrpc: "2.0", id: 0, method: "initialize", params });
    assert.equal(hello.result?.protocolVersion, version);
    const list = await post({ jsonrpc: "2.0", id: 1, method: "tools/list" });
    assert.ok(Array.isArray(list.result?.tools) && list.result.tools.length === 9);
  }
});
