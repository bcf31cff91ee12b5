import { setImmediate } from "node:timers/promises";
import {
  type InvalidAction,
  invalid,
  invalidJson,
  type JsonProblem,
  readJson,
} from "@countersign/core/action";
import { ARRIVE_MS, type ReadBytesOptions, readBytes } from "./read_bytes.ts";

/** A JSON body, or why there is none. */
export type Body =
  | {
      readonly ok: true;
      readonly value: unknown;
      /** What `value` does not hold as it was written: nothing may be done with it when there are any. */
      readonly problems: readonly JsonProblem[];
    }
  | {
      readonly ok: false;
      readonly code: "invalid_json" | "body_too_large" | "request_timeout" | "unsupported_media_type";
      readonly message: string;
    };

/** Reads a request's JSON body, within bounds. */
export async function readBody(request: Request, options: ReadBytesOptions): Promise<Body> {
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(type)) {
    return {
      ok: false,
      code: "unsupported_media_type",
      message: "Send JSON, with Content-Type: application/json",
    };
  }
  if (isEncoded(request)) {
    return {
      ok: false,
      code: "unsupported_media_type",
      message: "Send the body as it is, without Content-Encoding",
    };
  }
  const bytes = await readBytes(request, options);
  if (bytes === "too_late") {
    return {
      ok: false,
      code: "request_timeout",
      message: `The body did not arrive within ${ARRIVE_MS / 1_000} s; send it again`,
    };
  }
  if (bytes === "too_large") {
    return {
      ok: false,
      code: "body_too_large",
      message: `The body may hold ${(options.max / 2 ** 20).toFixed(1)} MiB at most, which is all that your policy could accept`,
    };
  }
  const json = await readJson(bytes, () => setImmediate());
  return json.ok ? json : { ok: false, code: "invalid_json", message: json.message };
}

/** Whether a body is compressed, which nobody here undoes. */
export function isEncoded(request: Request): boolean {
  return !/^\s*(?:identity\s*)?$/i.test(request.headers.get("content-encoding") ?? "");
}

/** How a body becomes an action. */
export interface ReadActionOptions<T> extends ReadBytesOptions {
  /** Its name, for a body that is none. */
  readonly attempted: string;
  readonly parse: (body: unknown) => T;
}

/** A request's body → what it asks for; what cannot be read or parsed is an action too, so that it is on record. */
export async function readAction<T>(
  request: Request,
  { attempted, parse, ...options }: ReadActionOptions<T>,
): Promise<T | InvalidAction> {
  const body = await readBody(request, options);
  if (!body.ok) return invalid(body.code, attempted, body.message);
  return body.problems.length === 0 ? parse(body.value) : invalidJson(attempted, body.problems);
}
