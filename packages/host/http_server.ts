import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** How long requests under way may take to end when the server closes. */
const DRAIN_MS = 20_000;

/** How long those may take to arrive whose body was still on its way then: nothing has begun for them. */
const LATE_MS = 3_000;

/** So long a request's headers may take to arrive, unless its server says otherwise. */
const ARRIVE_MS = 30_000;

/** More callers at a time than one process could serve. */
const MAX_CONNECTIONS = 4_096;

/** Where to listen. */
export interface ListenOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
}

/** How a server serves. */
export interface HttpServerOptions {
  /** So long a request's headers may take to arrive, in milliseconds. @default 30_000 */
  readonly arriveMs?: number;
  /** The variables that say where it listens, for the message that it cannot. @default "HOST, PORT" */
  readonly variables?: string;
}

/** Answers one request. */
export type RequestListener = (incoming: IncomingMessage, outgoing: ServerResponse) => void;

/** A server that ends well: what is under way is answered, and no connection is kept longer than for that. */
export class HttpServer {
  readonly #server: Server;
  readonly #variables: string;
  readonly #connections = new Map<Socket, Set<ServerResponse>>();
  #isClosing = false;

  constructor(
    listener: RequestListener,
    { arriveMs = ARRIVE_MS, variables = "HOST, PORT" }: HttpServerOptions = {},
  ) {
    this.#variables = variables;
    // Slow headers count too; a door may end slow bodies by itself a little earlier, and have them on record.
    const timeouts = {
      headersTimeout: arriveMs,
      requestTimeout: arriveMs + 1_000,
      connectionsCheckingInterval: 1_000,
    };
    this.#server = createServer(timeouts, (incoming, outgoing) => {
      this.#begin(incoming.socket, outgoing);
      listener(incoming, outgoing);
    });
    this.#server.maxConnections = MAX_CONNECTIONS;
    this.#server.on("connection", (socket) => {
      this.#connections.set(socket, new Set());
      socket.once("close", () => this.#connections.delete(socket));
    });
  }

  /**
   * Listens, and gives its URL.
   *
   * @throws {Error} that names the variables
   */
  listen({ host, port }: ListenOptions): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", (error) => reject(cannotListen(error, { host, port }, this.#variables)));
      this.#server.listen(port, host, () => {
        const address = this.#server.address();
        const actual = typeof address === "object" && address !== null ? address.port : port;
        resolve(`http://${host.includes(":") ? `[${host}]` : host}:${actual}`);
      });
    });
  }

  /** Takes no new connections, answers what is under way with `Connection: close`, and ends every other connection. */
  async close(): Promise<void> {
    this.#isClosing = true;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const [socket, responses] of this.#connections) {
      for (const response of responses) response.shouldKeepAlive = false;
      if (responses.size === 0) socket.destroySoon();
    }
    const late = setTimeout(() => this.#cut((request) => !request.complete), LATE_MS);
    const cut = setTimeout(() => this.#cut(() => true), DRAIN_MS);
    await closed;
    clearTimeout(late);
    clearTimeout(cut);
  }

  #begin(socket: Socket, response: ServerResponse): void {
    if (this.#isClosing) response.shouldKeepAlive = false;
    const responses = this.#connections.get(socket);
    responses?.add(response);
    response.once("close", () => {
      responses?.delete(response);
      // Its headers may have left before the server closed, and promised more.
      if (this.#isClosing && responses?.size === 0) socket.destroySoon();
    });
  }

  #cut(which: (request: IncomingMessage) => boolean): void {
    for (const [socket, responses] of this.#connections) {
      if (responses.size === 0 || [...responses].some(({ req }) => which(req))) socket.destroy();
    }
  }
}

/** Says where nothing can listen, by which variables that is set, and why. */
export function cannotListen(
  error: NodeJS.ErrnoException,
  { host, port }: ListenOptions,
  variables: string,
): Error {
  const why = error.code === "EADDRINUSE" ? "something else listens there" : error.message;
  return new Error(`Cannot listen on ${host}:${port} (${variables}): ${why}`, { cause: error });
}
