import type { Attachment } from "@countersign/core/action";
import { type Names, written } from "../codec/shape.ts";

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

const ATTACHMENT: Names<Attachment> = {
  name: "name",
  contentBase64: "content_base64",
  contentType: "content_type",
};

/** The body of `POST …/reply/{emailId}`. */
export const OUTGOING_REPLY: Names<OutgoingReply> = {
  markdown: "markdown",
  cc: "cc",
  bcc: "bcc",
  attachments: {
    wire: "attachments",
    write: (attachments) => attachments?.map((attachment) => written(ATTACHMENT, attachment)),
  },
};

/** The body of `POST …/send`. */
export const OUTGOING_EMAIL: Names<OutgoingEmail> = {
  to: "to",
  subject: "subject",
  sendAt: "send_at",
  gateTiming: "gate_timing",
  ...OUTGOING_REPLY,
};
