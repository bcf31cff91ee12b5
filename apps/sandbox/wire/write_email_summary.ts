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
