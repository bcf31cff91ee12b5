import * as z from "zod";
import type { Email } from "../account/email.ts";

/** The statuses that a list can be asked for: `pending_scan` is none of them. */
const LIST_STATUSES = [
  "unread",
  "read",
  "archived",
  "deleted",
  "pending_send_approval",
  "pending_inbound_approval",
  "rejected",
  "cancelled",
  "send_failed",
  "scheduled",
  "spam_flagged",
  "spam_quarantined",
] as const;

/** The query of a list of email. */
export interface ListQuery {
  readonly limit: number;
  readonly cursor?: string;
  readonly since_id?: string;
  readonly status?: (typeof LIST_STATUSES)[number];
  readonly sender?: string;
  readonly subject_contains?: string;
  readonly date_after?: string;
  readonly date_before?: string;
  readonly direction?: Email["direction"];
  readonly has_attachments?: "true" | "false";
}

const text = z.string().max(998).exactOptional();
const date = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], "must be an ISO 8601 date")
  .exactOptional();

/** Reads the query of a list of email. */
export const LIST_QUERY: z.ZodType<ListQuery> = z.object({
  limit: z
    .string()
    .regex(/^\d{1,3}$/, "must be a whole number")
    .transform(Number)
    .pipe(z.int().min(1).max(100))
    .default(20),
  cursor: text,
  since_id: text,
  status: z.enum(LIST_STATUSES).exactOptional(),
  sender: text,
  subject_contains: text,
  date_after: date,
  date_before: date,
  direction: z.enum(["inbound", "outbound"]).exactOptional(),
  has_attachments: z.enum(["true", "false"]).exactOptional(),
});

/** Whether an email is one that the query asks for. `sender` and `subject_contains` are looked for as parts, in any case. */
export function emailFilter(query: ListQuery): (email: Email) => boolean {
  const { status, direction, has_attachments } = query;
  const sender = query.sender?.toLowerCase() ?? "";
  const subject = query.subject_contains?.toLowerCase() ?? "";
  const after = query.date_after === undefined ? -Infinity : Date.parse(query.date_after);
  const before = query.date_before === undefined ? Infinity : Date.parse(query.date_before);
  return (email) =>
    (status === undefined || email.status === status) &&
    (direction === undefined || email.direction === direction) &&
    (has_attachments === undefined || String(email.attachments.length > 0) === has_attachments) &&
    email.from.toLowerCase().includes(sender) &&
    email.subject.toLowerCase().includes(subject) &&
    email.receivedAt > after &&
    email.receivedAt < before;
}
