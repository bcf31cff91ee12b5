import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";

/** What a {@linkcode FakeGateway} was asked. */
export interface SeenRequest {
  readonly asked: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

/** A gateway for one test. */
export interface FakeGateway {
  readonly baseUrl: string;
  readonly requests: readonly SeenRequest[];
}

/** Starts a gateway that answers with `reply`, or with its status and JSON, until the test ends. */
export async function startFakeGateway(
  t: TestContext,
  reply: ((response: ServerResponse) => void) | readonly [status: number, json: unknown],
): Promise<FakeGateway> {
  const requests: SeenRequest[] = [];
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    requests.push({
      asked: `${request.method} ${request.url}`,
      authorization: request.headers.authorization,
      body: text === "" ? undefined : JSON.parse(text),
    });
    if (typeof reply === "function") return reply(response);
    response.writeHead(reply[0], { "content-type": "application/json" }).end(JSON.stringify(reply[1]));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}
