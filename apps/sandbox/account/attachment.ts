import * as z from "zod";

/** A file, as MultiMail takes it. */
export interface Attachment {
  readonly name: string;
  readonly content_base64: string;
  readonly content_type: string;
}

/** Reads one attachment. MultiMail documents no bound on count or size; the body's own bound is what holds. */
export const ATTACHMENT: z.ZodType<Attachment> = z.object({
  name: z.string().min(1).max(255),
  content_base64: z.base64(),
  content_type: z
    .string()
    .max(255)
    .regex(/^[\w.+-]+\/[\w.+-]+(\s*;[\x20-\x7e]*)?$/, "must be a media type"),
});
