import type { Email } from "../account/email.ts";
import { type EmailSummaryWire, writeEmailSummary } from "./write_email.ts";
import { writeTime } from "./write_time.ts";

/** A conversation, without bodies. */
export interface ThreadWire {
  readonly thread_id: string;
  readonly message_count: number;
  readonly participants: readonly string[];
  readonly last_activity: string;
  readonly has_unanswered_inbound: boolean;
  readonly emails: readonly EmailSummaryWire[];
}

/** Writes a thread; `emails` are oldest first and not empty. */
export function writeThread(threadId: string, emails: readonly Email[]): ThreadWire {
  // An answer that still waits for a person has answered nobody.
  const last = emails.findLast(
    ({ direction, deliveredAt }) => direction === "inbound" || deliveredAt !== null,
  );
  return {
    thread_id: threadId,
    message_count: emails.length,
    participants: [...new Set(emails.flatMap(({ from, to, cc }) => [from, ...to, ...cc]))],
    last_activity: writeTime(emails.at(-1)?.receivedAt ?? 0),
    has_unanswered_inbound: last?.direction === "inbound",
    emails: emails.map(writeEmailSummary),
  };
}
