import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Pool } from "undici";

// The bare pass-through: hands every body on and its answer back, and does nothing else. UPSTREAM: where to. Prints its
// address.

const upstream = new Pool(process.env.UPSTREAM ?? "", { connections: 64 });
const headers = { "content-type": "application/json" };

const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const answer = await upstream.request({
    method: "POST",
    path: process.env.UPSTREAM_PATH ?? "",
    headers,
    body: Buffer.concat(chunks),
  });
  const body = Buffer.from(await answer.body.arrayBuffer());
  response.writeHead(answer.statusCode, { ...headers, "content-length": body.length }).end(body);
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
