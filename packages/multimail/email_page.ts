import { z } from "zod";
import { defined, TEXT } from "./_wire.ts";
import { convertEmailSummary, type EmailSummary, toWireEmailSummary } from "./email_summary.ts";

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

const WIRE = z.looseObject({ emails: z.array(z.unknown()), cursor: TEXT });

/** Converts the answer of `GET /v1/mailboxes/{id}/emails`. Throws a `ZodError` when it is none. */
export function convertEmailPage(wire: unknown): EmailPage {
  const { emails, cursor } = WIRE.parse(wire);
  // An empty cursor is the first page again: whoever follows it never ends.
  return defined({ emails: emails.map((email) => convertEmailSummary(email)), cursor: cursor || undefined });
}

/** Converts a page back into the answer of `GET /v1/mailboxes/{id}/emails`. */
export function toWireEmailPage({ emails, cursor }: EmailPage): Record<string, unknown> {
  return { emails: emails.map(toWireEmailSummary), cursor: cursor ?? null };
}

/** Converts a query into MultiMail's parameters. */
export function convertEmailQuery(query: EmailQuery): Record<string, string | number | boolean> {
  return defined({
    limit: query.limit,
    cursor: query.cursor,
    since_id: query.sinceId,
    status: query.status,
    sender: query.sender,
    subject_contains: query.subjectContains,
    date_after: query.dateAfter,
    date_before: query.dateBefore,
    direction: query.direction,
    has_attachments: query.hasAttachments,
  });
}
