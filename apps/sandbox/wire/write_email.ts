import type { Email } from "../account/email.ts";
import { type EmailSummaryWire, writeEmailSummary } from "./write_email_summary.ts";
import { writeTime } from "./write_time.ts";

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
