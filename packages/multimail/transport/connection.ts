import type { Dispatcher } from "undici";
import { z } from "zod";
import { parseJson } from "../codec/decode_json.ts";
import { MultiMailError, type MultiMailFailure } from "../multimail_error.ts";
import { type Answer, type Exchanged, exchange } from "./_exchange.ts";
import { convertRefusal } from "./_refusal.ts";
import { outboundAgent } from "./outbound_agent.ts";

/** How MultiMail is reached. */
export interface ConnectionOptions {
  /** `https://api.multimail.dev`, with or without `/v1`. */
  readonly baseUrl: string;
  readonly apiKey: string;
  /** For one whole call, in milliseconds. @default 10_000 */
  readonly timeoutMs?: number;
  /** Carries the requests, and stays open after `close()`. By default an agent of the client's own, which honours `HTTPS_PROXY`. */
  readonly dispatcher?: Dispatcher;
}

/** Options of any call. */
export interface CallOptions {
  /** Gives up. Once the request is written, its outcome is then unknown. */
  readonly signal?: AbortSignal;
}

/** One thing to ask MultiMail. */
export interface ApiRequest<T> extends CallOptions {
  /** What a message says after "Cannot". */
  readonly doing: string;
  /** @default "GET" */
  readonly method?: Dispatcher.HttpMethod;
  /** Encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean>>;
  readonly body?: Readonly<Record<string, unknown>>;
  /** Of the answer's body. @default 8 MiB */
  readonly maxBytes?: number;
  /** Reads a 2xx answer; throws when it is not what was expected. */
  readonly read: (answer: Answer) => T;
}

const MAX_JSON_BYTES = 8 * 1024 * 1024;

/** Asks MultiMail with one key, and turns whatever goes wrong into a {@linkcode MultiMailError} without the key. */
export class Connection {
  readonly #origin: string;
  readonly #prefix: string;
  readonly #apiKey: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #headersWithBody: Readonly<Record<string, string>>;
  readonly #timeoutMs: number;
  readonly #dispatcher: Dispatcher;
  readonly #ownsDispatcher: boolean;

  constructor({ baseUrl, apiKey, timeoutMs = 10_000, dispatcher }: ConnectionOptions) {
    if (!URL.canParse(baseUrl) || !/^https?:\/\/[^@?#]+$/i.test(baseUrl)) {
      throw new TypeError("Cannot use MultiMail's URL: it must be http(s) without user, query or fragment");
    }
    if (!/^[\x21-\x7e]+$/.test(apiKey)) {
      throw new TypeError("Cannot use MultiMail's key: it must be visible ASCII without spaces");
    }
    const url = new URL(baseUrl);
    this.#origin = url.origin;
    this.#prefix = url.pathname.replace(/(\/v1)?\/*$/, "");
    this.#apiKey = apiKey;
    this.#headers = {
      accept: "application/json, */*;q=0.5",
      "accept-encoding": "identity",
      authorization: `Bearer ${apiKey}`,
      "user-agent": "countersign",
    };
    this.#headersWithBody = { ...this.#headers, "content-type": "application/json" };
    this.#timeoutMs = timeoutMs;
    this.#ownsDispatcher = dispatcher === undefined;
    // undici's other limits are wider than ours: only `exchange` knows whether the request was written.
    this.#dispatcher = dispatcher ?? outboundAgent(process.env, { connections: 64, timeoutMs });
  }

  async close(): Promise<void> {
    if (this.#ownsDispatcher) await this.#dispatcher.close();
  }

  async ask<T>(request: ApiRequest<T>): Promise<T> {
    const { doing, method = "GET", body, maxBytes = MAX_JSON_BYTES, signal } = request;
    const exchanged = await exchange(this.#dispatcher, {
      origin: this.#origin,
      method,
      path: this.#prefix + request.path + queryOf(request.query),
      headers: body === undefined ? this.#headers : this.#headersWithBody,
      body: body && JSON.stringify(body),
      timeoutMs: this.#timeoutMs,
      maxBytes,
      signal,
    });
    if (exchanged.kind !== "answered" || exchanged.status < 200 || exchanged.status > 299) {
      throw this.#error(doing, convertFailure(exchanged));
    }
    try {
      return request.read(exchanged);
    } catch (error) {
      throw this.#error(doing, {
        problem: `cannot understand the answer: ${describeMisread(error)}`,
        code: "unknown_outcome",
        outcome: "unknown",
        status: exchanged.status,
      });
    }
  }

  #error(doing: string, { problem, multimailText, ...failure }: Failure): MultiMailError {
    const text = multimailText && cleanText(multimailText, this.#apiKey);
    const message = `Cannot ${doing}: ${cleanText(problem, this.#apiKey)}${text ? `: ${text}` : ""}`;
    return new MultiMailError(message, { ...failure, ...(text && { multimailText: text }) });
  }
}

function queryOf(given: ApiRequest<unknown>["query"]): string {
  if (given === undefined) return "";
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(given)) query.set(name, `${value}`);
  return query.size > 0 ? `?${query}` : "";
}

interface Failure extends MultiMailFailure {
  readonly problem: string;
}

function convertFailure(exchanged: Exchanged): Failure {
  if (exchanged.kind === "silent") {
    const { written, problem } = exchanged;
    return written
      ? { problem: `MultiMail did not answer: ${problem}`, code: "unknown_outcome", outcome: "unknown" }
      : { problem: `cannot reach MultiMail: ${problem}`, code: "unavailable", outcome: "not_accepted" };
  }
  const { kind, status, headers } = exchanged;
  if (kind === "cut" && status < 300) {
    const { problem, tooLarge } = exchanged;
    const code = tooLarge ? "too_large" : "unknown_outcome";
    return { problem: `MultiMail's answer broke off: ${problem}`, code, outcome: "unknown", status };
  }
  const retryAfterMs = parseRetryAfter(headers["retry-after"], Date.now());
  return {
    problem: `MultiMail answered ${status}`,
    ...convertRefusal(status, kind === "answered" ? parseJson(exchanged.body) : undefined),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

function describeMisread(error: unknown): string {
  if (error instanceof SyntaxError) return "it is no JSON";
  const issue = error instanceof z.ZodError ? error.issues[0] : undefined;
  return issue === undefined ? "it is malformed" : `${issue.path.join(".") || "it"} has the wrong shape`;
}

const MAX_LENGTH = 500;

/** Makes text from outside fit for an error: one line, at most 500 characters, without control characters or `secret`. */
function cleanText(text: string, secret: string): string {
  // In this order: a secret that is split by a control character, or by the bound, must not survive.
  const line = text.replaceAll(/[\p{Cc}\p{Cf}]+/gu, "").replaceAll(secret, "[key]");
  // The bound may cut a character in two.
  return line
    .slice(0, MAX_LENGTH)
    .replaceAll(/\p{Surrogate}/gu, "")
    .trim();
}

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Reads a `Retry-After` header (RFC 9110, 10.2.3): seconds or an HTTP date, in milliseconds from `now`,
 * bounded to 0–24 hours. `undefined` when it is neither.
 */
function parseRetryAfter(value: unknown, now: number): number | undefined {
  if (typeof value !== "string") return undefined;
  const wait = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(wait, 0), DAY_MS);
}
