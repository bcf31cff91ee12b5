import type { Context } from "hono";

/** Forms are no larger than this unless a page says otherwise, in bytes. */
const MAX_BYTES = 64 * 1024;

/** More fields than these has no form. */
const MAX_FIELDS = 2_000;

/** A form's fields, or why there are none: an HTTP status and a sentence. */
export type Form =
  | { readonly ok: true; readonly fields: URLSearchParams }
  | { readonly ok: false; readonly status: 400 | 413 | 415; readonly message: string };

/** Reads the form that a request sends, within bounds. */
export async function readForm(c: Context, maxBytes: number = MAX_BYTES): Promise<Form> {
  const type = c.req.header("Content-Type") ?? "";
  if (!/^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(type))
    return { ok: false, status: 415, message: "Send a form of the console" };
  const bytes = await readBytes(c.req.raw, maxBytes);
  if (bytes === undefined) return { ok: false, status: 413, message: "The form is too long" };
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return { ok: false, status: 400, message: "The form is no UTF-8" };
  }
  const fields = new URLSearchParams(text);
  if (fields.size > MAX_FIELDS) return { ok: false, status: 413, message: "The form has too many fields" };
  return { ok: true, fields };
}

/** What waits for more than the bound is not read any further. */
async function readBytes(request: Request, max: number): Promise<Uint8Array | undefined> {
  if (Number(request.headers.get("Content-Length") ?? 0) > max) return undefined;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > max) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
