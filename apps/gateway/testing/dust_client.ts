import assert from "node:assert/strict";
import type { Tool } from "@modelcontextprotocol/server";

/** An answer to a JSON-RPC request. */
export interface RpcAnswer {
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly code: number; readonly message: string };
}

/** What a tool answered, as Dust's model sees it. */
export interface ShownResult {
  readonly text: string;
  readonly isError: boolean;
}

/**
 * A client that behaves as Dust's does: a new connection for every request (initialize, initialized, a GET that wants
 * events, the request with id 1), no capabilities, and no DELETE.
 */
export class DustClient {
  readonly #url: string;
  readonly #key: string;
  readonly #meta: Readonly<Record<string, unknown>>;

  readonly #timeoutMs: number;

  readonly #custom: Readonly<Record<string, string>>;

  /**
   * `url` is the gateway's, or an assistant's own address there; `key` what is sent as bearer token; `meta` what every call
   * carries in `_meta`; `timeoutMs` how long Dust waits for a call; `custom` headers of the registration.
   */
  constructor(
    url: string,
    key: string,
    meta: Readonly<Record<string, unknown>> = {},
    timeoutMs: number = 180_000,
    custom: Readonly<Record<string, string>> = {},
  ) {
    this.#timeoutMs = timeoutMs;
    this.#url = new URL(url).pathname.startsWith("/mcp/") ? url : `${url}/mcp`;
    this.#key = key;
    this.#meta = meta;
    this.#custom = custom;
  }

  /** Lists the tools. Refuses a cursor, which Dust would follow for ever. */
  async list(): Promise<readonly Tool[]> {
    const { result } = await this.request("tools/list", {});
    assert.ok(result !== undefined && !("nextCursor" in result));
    return result.tools as Tool[];
  }

  /** Calls a tool, with the id of an action of Dust's if there is one. */
  async call(name: string, args: unknown, progressToken?: number): Promise<ShownResult> {
    const _meta = { ...this.#meta, ...(progressToken !== undefined && { progressToken }) };
    const { result, error } = await this.request("tools/call", { name, arguments: args, _meta });
    assert.ok(result !== undefined, JSON.stringify(error));
    const [block, ...rest] = result.content as { type: string; text: string }[];
    assert.equal(block?.type, "text");
    assert.equal(rest.length, 0);
    assert.ok(Buffer.byteLength(block.text) < 20 * 1024, `${Buffer.byteLength(block.text)} bytes`);
    return { text: block.text, isError: result.isError === true };
  }

  /** Makes one request on a connection of its own. */
  async request(method: string, params: unknown): Promise<RpcAnswer> {
    const hello = await this.#post({
      jsonrpc: "2.0",
      id: 0,
      method: "initialize",
      params: {
        protocolVersion: "2025-11-25",
        capabilities: {},
        clientInfo: { name: "dust-mcp-client", version: "1.0.0" },
      },
    });
    assert.equal(hello.status, 200);
    assert.equal(hello.headers.get("mcp-session-id"), null);
    const { result } = await readRpc(hello);
    assert.equal(result?.protocolVersion, "2025-11-25");

    const initialized = await this.#post({ jsonrpc: "2.0", method: "notifications/initialized" });
    assert.equal(initialized.status, 202);
    await initialized.arrayBuffer();

    const events = await fetch(this.#url, { headers: { ...this.#headers(), accept: "text/event-stream" } });
    assert.equal(events.status, 405);
    assert.equal(events.headers.get("allow"), "POST");
    await events.arrayBuffer();

    const answer = await this.#post({ jsonrpc: "2.0", id: 1, method, params });
    assert.equal(answer.status, 200);
    return readRpc(answer);
  }

  #post(message: unknown): Promise<Response> {
    return fetch(this.#url, {
      method: "POST",
      headers: {
        ...this.#headers(),
        accept: "application/json, text/event-stream",
        "content-type": "application/json",
        "mcp-protocol-version": "2025-11-25",
      },
      body: JSON.stringify(message),
      signal: AbortSignal.timeout(this.#timeoutMs),
    });
  }

  #headers(): Record<string, string> {
    return { ...this.#custom, authorization: `Bearer ${this.#key}` };
  }
}

/** Reads a JSON-RPC answer that comes as JSON or as one event. */
export async function readRpc(response: Response): Promise<RpcAnswer> {
  const text = await response.text();
  const isEvents = response.headers.get("content-type")?.startsWith("text/event-stream");
  const json = isEvents ? (/^data: (\{.*)$/m.exec(text)?.[1] ?? "") : text;
  return JSON.parse(json) as RpcAnswer;
}
