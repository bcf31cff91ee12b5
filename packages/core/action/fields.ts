import { z } from "zod";
import type { Attachment } from "./action.ts";
import type { Report } from "./report_draft.ts";

/** MultiMail's bounds (fields `to`, `subject`, `markdown` of its send route); Cc and Bcc take `to`'s. */
const MAX_RECIPIENTS = 50;
const MAX_SUBJECT = 998;
const MAX_MARKDOWN = 262_144;

/** Longer text is no address (RFC 5321 section 4.5.3.1.3 allows 256) nor a display name with one. */
const MAX_ADDRESS_TEXT = 1_000;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const CONTROL = /[\u0000-\u001f\u007f\u0085\u2028\u2029]/;
const oneLine = (what: string) =>
  [(text: string) => !CONTROL.test(text), `${what} must be one line without control characters`] as const;

const ATTACHMENT = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(255)
    .refine(...oneLine("A file name"))
    .refine((name) => !/[/\\]/.test(name), "A file name must not hold slashes"),
  content_type: z
    .string()
    .max(255)
    .regex(/^[\w.+-]+\/[\w.+-]+(?:\s*;[^\r\n]*)?$/, "A content type looks like: application/pdf"),
  content_base64: z.base64("Standard base64 with padding is needed"),
});

/** A file as callers send it: MultiMail's own shape. */
export interface AttachmentField {
  readonly name: string;
  readonly content_type: string;
  readonly content_base64: string;
}

/** The shapes of the fields that requests take. */
export interface Fields {
  readonly addresses: z.ZodArray<z.ZodString>;
  readonly subject: z.ZodString;
  readonly markdown: z.ZodString;
  readonly attachments: z.ZodType<AttachmentField[]>;
  readonly sendAt: z.ZodISODateTime;
  readonly idempotencyKey: z.ZodString;
  /** MultiMail's, opaque. */
  readonly id: z.ZodString;
  readonly receipt: z.ZodString;
  readonly limit: z.ZodNumber;
  readonly text: z.ZodString;
  readonly report: z.ZodType<Report>;
}

/** Fields that requests take, each with the bounds that MultiMail or the product sets. */
export const FIELDS: Fields = {
  addresses: z.array(z.string().max(MAX_ADDRESS_TEXT)).max(MAX_RECIPIENTS),
  subject: z
    .string()
    .min(1, "A subject is needed")
    .max(MAX_SUBJECT)
    .refine(...oneLine("The subject")),
  markdown: z
    .string()
    .min(1, "A body is needed")
    .max(MAX_MARKDOWN)
    .refine((text) => !text.includes("\0"), "The body must not hold NUL characters"),
  attachments: z.array(ATTACHMENT).max(20),
  sendAt: z.iso.datetime({ error: "A time in UTC is needed, like: 2026-12-31T09:00:00Z" }),
  idempotencyKey: z.string().min(1).max(200),
  id: z
    .string()
    .min(1)
    .max(200)
    .regex(/^[\w.:@+-]+$/, "This is no id"),
  receipt: z.string().min(1).max(100).regex(/^\w+$/, "This is no receipt"),
  limit: z.number().int().min(1).max(100),
  text: z.string().max(500),
  report: z.strictObject({
    period: z
      .string()
      .min(1)
      .max(200)
      .refine(...oneLine("The period")),
    metrics: z
      .record(
        z
          .string()
          .max(200)
          .refine(...oneLine("A metric's name")),
        z.number(),
      )
      .refine((metrics) => Object.keys(metrics).length <= 200, "At most 200 metrics fit in a report"),
  }),
};

/** Files as callers send them → as actions hold them. */
export function toAttachments(attachments: readonly AttachmentField[] | undefined): readonly Attachment[] {
  return (attachments ?? []).map(({ name, content_type, content_base64 }) => ({
    name,
    contentType: content_type,
    contentBase64: content_base64,
  }));
}
