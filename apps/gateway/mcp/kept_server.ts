import {
  type AuthInfo,
  isJSONRPCRequest,
  isLegacyRequest,
  type JSONRPCMessage,
  type JSONRPCRequest,
  type RequestId,
  type Server,
  SUPPORTED_PROTOCOL_VERSIONS,
  type Transport,
} from "@modelcontextprotocol/server";

/**
 * Answers single calls of tools by one server that is kept. The SDK's own handler makes a server, a transport and a stream
 * for every request, which takes longer than all that the gateway does for a call.
 */
export class KeptServer {
  readonly #transport = new ProcessTransport();
  readonly #connected: Promise<void>;

  /** Takes the server over: it serves nobody else. Its handlers find who calls in `authInfo`. */
  constructor(server: Server) {
    this.#connected = server.connect(this.#transport);
  }

  /**
   * The answer that the SDK's handler would give as its one message. It is for what `plainCall` lets
   * through.
   */
  async answer(call: JSONRPCRequest, authInfo: AuthInfo): Promise<JSONRPCMessage> {
    await this.#connected;
    return this.#transport.ask(call, authInfo);
  }
}

/**
 * The body, if it is a single call of a tool in a revision before 2026-07-28: as this server keeps no sessions, such a
 * call is whole in itself.
 */
export async function plainCall(request: Request, body: unknown): Promise<JSONRPCRequest | undefined> {
  if (!isJSONRPCRequest(body) || body.method !== "tools/call") return undefined;
  const version = request.headers.get("mcp-protocol-version");
  const isKnown = version === null || SUPPORTED_PROTOCOL_VERSIONS.includes(version);
  return isKnown && (await isLegacyRequest(request, body)) ? body : undefined;
}

/** To and from a server in this process. Requests of several callers may have the same id: here they have one of their own. */
class ProcessTransport implements Transport {
  onmessage?: Transport["onmessage"];
  readonly #asked = new Map<RequestId, (answer: JSONRPCMessage) => void>();
  #count = 0;

  async start(): Promise<void> {}

  async close(): Promise<void> {}

  async send(message: JSONRPCMessage): Promise<void> {
    if (!("id" in message) || message.id === undefined) return;
    this.#asked.get(message.id)?.(message);
    this.#asked.delete(message.id);
  }

  ask(call: JSONRPCRequest, authInfo: AuthInfo): Promise<JSONRPCMessage> {
    this.#count++;
    const id = this.#count;
    return new Promise((resolve) => {
      this.#asked.set(id, (answer) => resolve({ ...answer, id: call.id }));
      this.onmessage?.({ ...call, id }, { authInfo });
    });
  }
}
