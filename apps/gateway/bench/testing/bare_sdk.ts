import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { createMcpHandler, fromJsonSchema, McpServer } from "@modelcontextprotocol/server";
import { Pool } from "undici";
import { TOOLS } from "../../mcp/tools.ts";

// The official MCP SDK as its documentation shows it, with tools of the same names, descriptions and arguments, and nothing
// else: a call is answered at once, or, with UPSTREAM, after one call there. Prints its address.

const { UPSTREAM, UPSTREAM_PATH = "" } = process.env;
const upstream = UPSTREAM === undefined ? undefined : new Pool(UPSTREAM, { connections: 64 });
const headers = { "content-type": "application/json" };
const tools = TOOLS.map(({ name, title, advice, annotations, inputSchema }) => ({
  name,
  config: {
    title,
    description: advice,
    annotations,
    inputSchema: fromJsonSchema<Record<string, unknown>>(inputSchema as Parameters<typeof fromJsonSchema>[0]),
  },
}));

const handler = createMcpHandler(() => {
  const server = new McpServer({ name: "bare", version: "1.0.0" });
  for (const { name, config } of tools) {
    server.registerTool(name, config, async (args) => {
      const answer = await upstream?.request({
        method: "POST",
        path: UPSTREAM_PATH,
        headers,
        body: JSON.stringify(args),
      });
      const text = (await answer?.body.text()) ?? "Done";
      return { content: [{ type: "text", text }] };
    });
  }
  return server;
});
const server = createServer(getRequestListener((request) => handler.fetch(request)));
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
