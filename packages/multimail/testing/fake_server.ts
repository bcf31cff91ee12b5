import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";

/** A request that a {@linkcode FakeServer} got. */
export interface SeenRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A server for one test. */
export interface FakeServer {
  readonly baseUrl: string;
  readonly requests: readonly SeenRequest[];
}

/** Starts a server that answers with `reply`, or with its status and JSON, until the test ends. */
export async function startFakeServer(
  t: TestContext,
  reply:
    | ((response: ServerResponse, request: SeenRequest) => void)
    | readonly [status: number, json: unknown],
): Promise<FakeServer> {
  const requests: SeenRequest[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method = "", url: path = "", headers } = request;
    const seen = { method, path, headers, body: Buffer.concat(chunks).toString() };
    requests.push(seen);
    if (typeof reply === "function") return reply(response, seen);
    response.writeHead(reply[0], { "content-type": "application/json" }).end(JSON.stringify(reply[1]));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}
