import { z } from "zod";
import { parseJson } from "../codec/decode_json.ts";

/** What an attachment holds: its bytes, or, when it is large, where they are. The URL is never fetched here. */
export type AttachmentContent =
  | { readonly kind: "bytes"; readonly contentType: string; readonly bytes: Uint8Array }
  | { readonly kind: "url"; readonly contentType: string; readonly url: string };

const UNKNOWN_TYPE = "application/octet-stream";

// Strict: an attached JSON file must not be taken for MultiMail's own wrapping.
const ABOUT = { name: z.string().optional(), filename: z.string().optional(), size: z.number().optional() };
const WRAPPED = z.union([
  z.strictObject({ ...ABOUT, content_type: z.string().optional(), content_base64: z.string() }),
  z.strictObject({ ...ABOUT, content_type: z.string().optional(), url: z.url({ protocol: /^https?$/ }) }),
]);

/** Converts the answer of `GET …/attachments/{filename}`: raw bytes, or JSON with base64 or a URL. */
export function convertAttachmentContent(
  contentType: string | undefined,
  body: Uint8Array,
): AttachmentContent {
  const raw = { kind: "bytes", contentType: contentType ?? UNKNOWN_TYPE, bytes: body } as const;
  if (!contentType?.startsWith("application/json")) return raw;
  const wrapped = WRAPPED.safeParse(parseJson(body)).data;
  if (wrapped === undefined) return raw;
  const type = wrapped.content_type ?? UNKNOWN_TYPE;
  if ("url" in wrapped) return { kind: "url", contentType: type, url: wrapped.url };
  return { kind: "bytes", contentType: type, bytes: Buffer.from(wrapped.content_base64, "base64") };
}
