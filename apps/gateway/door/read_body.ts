import { ARRIVE_MS, readBytes } from "./read_bytes.ts";

/** The most that a request may hold: an email's text and its attachments in base64. */
export const MAX_BODY_BYTES: number = 16 * 1024 * 1024;

/** A JSON body, or why there is none. */
export type Body =
  | { readonly ok: true; readonly value: unknown }
  | {
      readonly ok: false;
      readonly code: "invalid_json" | "body_too_large" | "request_timeout" | "unsupported_media_type";
      readonly message: string;
    };

/** Reads a request's JSON body, never more than `MAX_BODY_BYTES` of it. */
export async function readBody(request: Request): Promise<Body> {
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(type)) {
    return {
      ok: false,
      code: "unsupported_media_type",
      message: "Send JSON, with Content-Type: application/json",
    };
  }
  const bytes = await readBytes(request, MAX_BODY_BYTES);
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
      message: `The body may hold ${MAX_BODY_BYTES >> 20} MiB at most`,
    };
  }
  try {
    return { ok: true, value: JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) };
  } catch {
    return { ok: false, code: "invalid_json", message: "The body is not valid JSON in UTF-8" };
  }
}
