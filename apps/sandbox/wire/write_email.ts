import type { Email } from "../account/email.ts";
import { writeTime } from "./write_time.ts";

/** What a list shows of an email (MultiMail schema `EmailSummary`): no body, no cc, no bcc. */
export interface EmailSummaryWire {
  readonly id: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly direction: Email["direction"];
  readonly status: string;
  readonly spam_score: number | null;
  readonly spam_verdict: string | null;
  readonly received_at: string;
  readonly thread_id: string;
  readonly has_attachments: boolean;
  readonly delivered_at: string | null;
  readonly bounced_at: string | null;
  readonly bounce_type: string | null;
}

/** Writes an email as lists show it. */
export function writeEmailSummary(email: Email): EmailSummaryWire {
  return {
    id: email.id,
    from: email.from,
    to: email.to,
    subject: email.subject,
    direction: email.direction,
    status: email.status,
    spam_score: null,
    spam_verdict: email.spamVerdict,
    received_at: writeTime(email.receivedAt),
    thread_id: email.threadId,
    has_attachments: email.attachments.length > 0,
    delivered_at: email.deliveredAt === null ? null : writeTime(email.deliveredAt),
    bounced_at: null,
    bounce_type: null,
  };
}

/** One email in full (MultiMail schema `Email`): still no bcc, and, unlike in lists, no direction. */
export interface EmailWire extends Omit<EmailSummaryWire, "direction"> {
  readonly cc: readonly string[];
  readonly markdown: string;
  readonly attachments: readonly {
    readonly name: string;
    readonly size: number;
    readonly content_type: string;
  }[];
  readonly approved_at: string | null;
  readonly approved_by: string | null;
  readonly tags: Readonly<Record<string, string>>;
}

/** Writes an email in full. */
export function writeEmail(email: Email): EmailWire {
  const { direction: _, ...summary } = writeEmailSummary(email);
  return {
    ...summary,
    cc: email.cc,
    markdown: email.markdown,
    attachments: email.attachments.map(({ name, content_base64, content_type }) => ({
      name,
      size: Buffer.byteLength(content_base64, "base64"),
      content_type,
    })),
    approved_at: email.approvedAt === null ? null : writeTime(email.approvedAt),
    approved_by: email.approvedBy,
    tags: email.tags,
  };
}
