import type { IncomingHttpHeaders } from "node:http";
import type { Dispatcher } from "undici";

/** One request, ready to be written. */
export interface ExchangeRequest {
  readonly origin: string;
  readonly method: Dispatcher.HttpMethod;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** For everything, from waiting for a connection to the last byte. */
  readonly timeoutMs: number;
  /** Of the answer's body. */
  readonly maxBytes: number;
  readonly signal: AbortSignal | undefined;
}

/** A whole answer, of any status. */
export interface Answer {
  readonly kind: "answered";
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
}

/** How far one request came. `problem` is a few words. */
export type Exchanged =
  | Answer
  | {
      readonly kind: "cut";
      readonly status: number;
      readonly headers: IncomingHttpHeaders;
      readonly problem: string;
      readonly tooLarge: boolean;
    }
  | {
      readonly kind: "silent";
      /** Whether any of the request may have left. False is certain. */
      readonly written: boolean;
      readonly problem: string;
    };

/**
 * Writes one request, once, and waits for its whole answer. Never throws, follows a redirect or tries again.
 *
 * It drives undici's `dispatch` itself, because only the handler learns whether the request was ever written:
 * `onRequestStart` comes just before the first byte, and a request aborted there leaves no trace.
 */
export function exchange(dispatcher: Dispatcher, request: ExchangeRequest): Promise<Exchanged> {
  return new Promise((resolve) => {
    let controller: Dispatcher.DispatchController | undefined;
    let answer: { readonly status: number; readonly headers: IncomingHttpHeaders } | undefined;
    let stopped = false;
    let size = 0;
    const chunks: Uint8Array[] = [];

    const settle = (exchanged: Exchanged) => {
      stopped = true;
      clearTimeout(timer);
      request.signal?.removeEventListener("abort", onAbort);
      resolve(exchanged);
    };
    const stop = (problem: string, tooLarge = false) => {
      if (stopped) return;
      settle(
        answer === undefined
          ? { kind: "silent", written: controller !== undefined, problem }
          : { kind: "cut", ...answer, problem, tooLarge },
      );
      controller?.abort(new Error(problem));
    };
    const onAbort = () => stop("the caller gave up");
    const timer = setTimeout(() => stop(`no answer within ${request.timeoutMs} ms`), request.timeoutMs);

    if (request.signal?.aborted) return onAbort();
    request.signal?.addEventListener("abort", onAbort, { once: true });

    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(started) {
        // Given up while it waited, or a dispatcher that retries: neither may be written.
        if (stopped || controller !== undefined) return started.abort(new Error("stopped"));
        controller = started;
      },
      onResponseStart(_, status, headers) {
        if (status >= 200) answer = { status, headers };
      },
      onResponseData(_, chunk) {
        size += chunk.length;
        if (size > request.maxBytes) return stop(`an answer of more than ${request.maxBytes} bytes`, true);
        chunks.push(chunk);
      },
      onResponseEnd() {
        if (answer !== undefined) settle({ kind: "answered", ...answer, body: Buffer.concat(chunks) });
      },
      onResponseError(_, error) {
        stop(describe(error));
      },
    };
    const { origin, method, path, headers, body } = request;
    try {
      dispatcher.dispatch({ origin, method, path, headers, body: body ?? null }, handler);
    } catch (error) {
      stop(describe(error));
    }
  });
}

/** A code such as `ECONNREFUSED`: messages of libraries may quote what they were given. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return "an unknown error";
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}
