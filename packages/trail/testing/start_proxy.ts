import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** What a proxy does with what a client sends. */
export type ProxyAction =
  | "pass"
  /** The server never gets it, and the client's connection is gone. */
  | "lose"
  /** The server gets it; its answer is lost, and with it the connection. */
  | "lose_answer"
  /** The server gets it, and does not learn that the client's connection is gone at once. */
  | "leave"
  /** The server gets it, and from then on nobody hears of the other: no answer, no end. */
  | "silence";

/** A TCP proxy before a server without TLS. */
export interface TestProxy {
  /** The server's URL, by way of the proxy. */
  readonly url: string;
  /** Decides about everything that clients send; `text` is all of a packet. Default: everything passes. */
  decide(decider: (text: string) => ProxyAction): void;
  close(): Promise<void>;
}

/** Starts a proxy before the server that a URL names, to lose what passes, or to know when. */
export async function startProxy(url: string): Promise<TestProxy> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let decider: (text: string) => ProxyAction = () => "pass";
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    let [answersPass, isLeft, isSilent] = [true, false, false];
    const end = () => {
      client.destroy();
      if (!isLeft) upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.setNoDelay(true).on("error", end).on("close", end);
      socket.once("close", () => sockets.delete(socket));
    }
    client.on("data", (data) => {
      if (isSilent) return;
      const action = decider(data.toString("latin1"));
      if (action === "lose") return end();
      if (action === "lose_answer") answersPass = false;
      upstream.write(data);
      isSilent = action === "silence";
      if (action !== "leave") return;
      isLeft = true;
      end();
    });
    upstream.on("data", (data) => {
      if (isLeft || isSilent) return;
      if (answersPass) client.write(data);
      else end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const own = new URL(url);
  own.port = String(typeof address === "object" && address !== null ? address.port : 0);
  return {
    url: own.href,
    decide: (next) => {
      decider = next;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
