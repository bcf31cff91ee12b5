import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";

/** A way to MultiMail that can be blocked for what sends. */
export interface Gate {
  readonly url: string;
  /** From now on nothing is sent through, until the returned function is called. */
  hold(): () => void;
}

/** Starts a gate in front of `target` for one test. */
export async function startGate(t: TestContext, target: string): Promise<Gate> {
  let opened = Promise.resolve();
  const server = createServer(async (incoming, response) => {
    if (incoming.method === "POST") await opened;
    const { method, headers } = incoming;
    const onward = request(`${target}${incoming.url}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hold: () => {
      let open = () => {};
      opened = new Promise((resolve) => {
        open = resolve;
      });
      return open;
    },
  };
}
