import { readRefusal } from "./_read_refusal.ts";
import type { ActionOptions } from "./action_options.ts";
import { CountersignError } from "./countersign_error.ts";

/** One request to Countersign's REST door. */
export interface GatewayRequest {
  /** What a message says after "Cannot". */
  readonly doing: string;
  /** What a message calls refused. */
  readonly subject: string;
  /** Below the base URL, encoded. */
  readonly path: string;
  /** Makes it a POST that lets email leave. */
  readonly body?: Readonly<Record<string, unknown>>;
  /** The answer has this field: a list for `emails` and `results`, else text. */
  readonly field: "status" | "emails" | "results";
}

/** Asks once, and gives the answer's JSON. Throws a {@linkcode CountersignError} for every other answer, and for none. */
export async function ask<T>(apiKey: string, request: GatewayRequest, options: ActionOptions): Promise<T> {
  const { doing, field } = request;
  const url = baseUrl(options.baseUrl) + request.path;
  // fetch would quote such a key in its own error.
  if (!/^[\x21-\x7e]+$/.test(apiKey)) {
    throw new TypeError(`Cannot ${doing}: the key must be visible ASCII without spaces`);
  }
  const { status, text } = await exchange(apiKey, url, request, options);
  const answer = parseObject(text);
  if (status < 200 || status > 299) throw refuse(request, status, readRefusal(answer, apiKey));
  const fits = field === "status" ? typeof answer.status === "string" : Array.isArray(answer[field]);
  if (!fits) throw doubt(request, "Countersign's answer cannot be understood", status);
  return answer as T;
}

async function exchange(
  apiKey: string,
  url: string,
  request: GatewayRequest,
  options: ActionOptions,
): Promise<{ status: number; text: string }> {
  const { body } = request;
  const { signal, timeoutMs = 30_000 } = options;
  // `AbortSignal.any` is not there in Node 18.
  const stop = new AbortController();
  const giveUp = () => stop.abort();
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    giveUp();
  }, timeoutMs);
  signal?.addEventListener("abort", giveUp);
  if (signal?.aborted) giveUp();
  try {
    const response = await fetch(url, {
      method: body === undefined ? "GET" : "POST",
      headers: {
        authorization: `Bearer ${apiKey}`,
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      // A redirect would carry the email elsewhere.
      redirect: "manual",
      signal: stop.signal,
    });
    return { status: response.status, text: await readText(response) };
  } catch {
    // Without the cause, which may quote the request.
    const why = isLate
      ? `Countersign did not answer within ${timeoutMs} ms`
      : signal?.aborted
        ? "the caller gave up"
        : "the connection to Countersign failed";
    throw doubt(request, why);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", giveUp);
  }
}

function refuse(
  request: GatewayRequest,
  status: number,
  refusal: ReturnType<typeof readRefusal>,
): CountersignError {
  const isRefusal = status >= 400 && status <= 499;
  // It is a proxy that answers so, and it does not know what became of the request.
  if (refusal === undefined && !isRefusal) return doubt(request, `something answered ${status}`, status);
  const { text, ...failure } = refusal ?? { text: `something answered ${status}`, code: "unexpected_answer" };
  const what = isRefusal ? `${request.subject} refused` : `Cannot ${request.doing}`;
  const receipt = failure.receipt === undefined ? "" : `; receipt ${failure.receipt}`;
  return new CountersignError(`${what}: ${text}${receipt}`, { ...failure, status });
}

function doubt({ doing, body }: GatewayRequest, why: string, status?: number): CountersignError {
  const advice =
    body === undefined
      ? "ask again"
      : `it is not known whether it was taken: ${
          body.idempotency_key === undefined
            ? "without an idempotency key, look for it before you send it again"
            : `ask again with the same idempotency key, ${JSON.stringify(body.idempotency_key)}`
        }`;
  return new CountersignError(`Cannot ${doing}: ${why}; ${advice}`, {
    code: "unknown_outcome",
    ...(status !== undefined && { status }),
  });
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    return { ...JSON.parse(text) };
  } catch {
    return {};
  }
}

/** Where the gateway is: `given`, or `COUNTERSIGN_URL`. Throws a `TypeError` when neither is a URL. */
function baseUrl(given: string | undefined): string {
  // Dust and browsers may have no `process`.
  const url = given ?? globalThis.process?.env.COUNTERSIGN_URL ?? "";
  if (url === "") {
    throw new TypeError(
      "Cannot find Countersign: set COUNTERSIGN_URL or options.baseUrl to the gateway's URL",
    );
  }
  if (!URL.canParse(url) || !/^https?:\/\/[^@?#]+$/i.test(url)) {
    throw new TypeError(
      "Cannot find Countersign: COUNTERSIGN_URL or options.baseUrl must be http(s) without user, query or fragment",
    );
  }
  return url.replace(/(\/v1)?\/*$/, "");
}

const MAX_BYTES = 8 * 1024 * 1024;

/** Reads a body of at most 8 MiB as UTF-8. Throws a `RangeError` when it is larger. */
async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new RangeError("Cannot read answer: it is larger than 8 MiB");
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
