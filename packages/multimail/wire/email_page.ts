import { type Codec, listOfWholes, member, type Names, orNull, shape } from "../codec/shape.ts";
import { CURSOR } from "../codec/values.ts";
import { EMAIL_SUMMARY, type EmailSummary } from "./email_summary.ts";

/** One page of a mailbox's email. */
export interface EmailPage {
  readonly emails: readonly EmailSummary[];
  /** Asks for the next page; absent on the last. */
  readonly cursor?: string;
}

/** Which email to list, every field optional. */
export interface EmailQuery {
  /** 1 to 100; MultiMail takes 20 when absent. */
  readonly limit?: number;
  readonly cursor?: string;
  /** Only what came after this email; unlike `status: "unread"`, safe when several readers share a mailbox. */
  readonly sinceId?: string;
  readonly status?: string;
  readonly sender?: string;
  readonly subjectContains?: string;
  /** ISO 8601. */
  readonly dateAfter?: string;
  /** ISO 8601. */
  readonly dateBefore?: string;
  readonly direction?: "inbound" | "outbound";
  readonly hasAttachments?: boolean;
}

/** The answer of `GET /v1/mailboxes/{id}/emails`. */
export const EMAIL_PAGE: Codec<EmailPage> = shape<EmailPage>({
  emails: listOfWholes("emails", EMAIL_SUMMARY),
  cursor: member("cursor", CURSOR, orNull),
});

/** The parameters of `GET /v1/mailboxes/{id}/emails`. */
export const EMAIL_QUERY: Names<EmailQuery> = {
  limit: "limit",
  cursor: "cursor",
  sinceId: "since_id",
  status: "status",
  sender: "sender",
  subjectContains: "subject_contains",
  dateAfter: "date_after",
  dateBefore: "date_before",
  direction: "direction",
  hasAttachments: "has_attachments",
};
