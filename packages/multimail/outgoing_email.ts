import type { Attachment } from "@countersign/core/action";
import { defined } from "./_wire.ts";

/** What an answer to an email says; MultiMail adds its recipient, subject and threading. */
export interface OutgoingReply {
  /** At most 262,144 characters. */
  readonly markdown: string;
  readonly cc?: readonly string[];
  readonly bcc?: readonly string[];
  readonly attachments?: readonly Attachment[];
}

/** A new email. */
export interface OutgoingEmail extends OutgoingReply {
  /** 1 to 50 addresses. */
  readonly to: readonly string[];
  /** At most 998 characters. */
  readonly subject: string;
  /** ISO 8601 in UTC, ending in `Z`. */
  readonly sendAt?: string;
  /** Whether a held email is approved before or after it is scheduled; MultiMail takes `gate_first` when absent. */
  readonly gateTiming?: "gate_first" | "schedule_first";
}

/** Converts a reply into the body of `POST …/reply/{emailId}`. */
export function convertOutgoingReply(reply: OutgoingReply): Record<string, unknown> {
  return defined({
    markdown: reply.markdown,
    cc: reply.cc,
    bcc: reply.bcc,
    attachments: reply.attachments?.map(({ name, contentType, contentBase64 }) => ({
      name,
      content_base64: contentBase64,
      content_type: contentType,
    })),
  });
}

/** Converts an email into the body of `POST …/send`. */
export function convertOutgoingEmail(email: OutgoingEmail): Record<string, unknown> {
  return {
    ...defined({
      to: email.to,
      subject: email.subject,
      send_at: email.sendAt,
      gate_timing: email.gateTiming,
    }),
    ...convertOutgoingReply(email),
  };
}
