import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { TestContext } from "node:test";

/** What was posted to a channel. */
export interface Posted {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** A server that stands for a chat, or whatever takes a webhook. */
export interface TestChannel {
  readonly url: string;
  readonly posted: Posted[];
  /** How it answers from now on; without an answer it hangs. @default 200 "ok" */
  answer: (response: ServerResponse) => void;
}

/** Starts one for one test, and ends it with the test. */
export async function startChannel(t: Pick<TestContext, "after">): Promise<TestChannel> {
  const posted: Posted[] = [];
  const server = createServer(async (request, response) => {
    const { method, url, headers } = request;
    posted.push({ method, path: url, headers, text: await text(request) });
    channel.answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const channel: TestChannel = {
    url: `http://127.0.0.1:${port}/services/T0/B0/secret-token`,
    posted,
    answer: (response) => void response.end("ok"),
  };
  return channel;
}
