import * as z from "zod";
import { ATTACHMENT, type Attachment } from "../account/attachment.ts";

/** What a caller can say in any email. */
interface CommonBody {
  readonly markdown: string;
  readonly cc?: readonly string[];
  readonly bcc?: readonly string[];
  readonly attachments?: readonly Attachment[];
  readonly idempotency_key?: string;
  /** The disclosure is always added; only asking for none is an error. */
  readonly ai_disclosure?: true;
}

/** The body of a send. */
export interface SendBody extends CommonBody {
  readonly to: readonly string[];
  readonly subject: string;
  readonly send_at?: string;
  readonly gate_timing?: "gate_first" | "schedule_first";
}

/** The body of a reply, whose recipients, subject and time are not the caller's to choose. */
export type ReplyBody = CommonBody;

const address = z.email().max(254);
const common = {
  markdown: z.string().max(262_144),
  cc: z.array(address).exactOptional(),
  bcc: z.array(address).exactOptional(),
  attachments: z.array(ATTACHMENT).exactOptional(),
  idempotency_key: z.string().min(1).max(255).exactOptional(),
  ai_disclosure: z.literal(true, "AI disclosure cannot be turned off").exactOptional(),
};

/** Reads the body of a send. */
export const SEND_BODY: z.ZodType<SendBody> = z.object({
  ...common,
  to: z.array(address).min(1).max(50),
  subject: z.string().max(998),
  send_at: z.iso.datetime("must be ISO 8601 in UTC, ending in Z").exactOptional(),
  gate_timing: z.enum(["gate_first", "schedule_first"]).exactOptional(),
});

const notInReply = z.never("A reply has none").exactOptional();

/** Reads the body of a reply. */
export const REPLY_BODY: z.ZodType<ReplyBody> = z.object({
  ...common,
  to: notInReply,
  subject: notInReply,
  send_at: notInReply,
});
