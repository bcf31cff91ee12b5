import { z } from "zod";
import { ADDRESSES, defined, FLAG, ID, INSTANT, NUMBER, others } from "./_wire.ts";
import { convertEmailSummary, type EmailSummary, toWireEmailSummary } from "./email_summary.ts";

/** A conversation, without bodies. */
export interface Thread {
  readonly threadId: string;
  readonly emails: readonly EmailSummary[];
  readonly participants: readonly string[];
  readonly messageCount?: number;
  /** ISO 8601 in UTC. */
  readonly lastActivity?: string;
  readonly hasUnansweredInbound?: boolean;
  /** What MultiMail says besides, as it says it. */
  readonly others?: Readonly<Record<string, unknown>>;
}

const WIRE = z.looseObject({
  thread_id: ID,
  emails: z.array(z.unknown()),
  participants: ADDRESSES,
  message_count: NUMBER,
  last_activity: INSTANT,
  has_unanswered_inbound: FLAG,
});

/** Converts the answer of `GET …/threads/{threadId}`. Throws a `ZodError` when it is none. */
export function convertThread(wire: unknown): Thread {
  const thread = WIRE.parse(wire);
  return defined({
    ...others(thread, WIRE),
    threadId: thread.thread_id,
    emails: thread.emails.map((email) => convertEmailSummary(email)),
    participants: thread.participants,
    messageCount: thread.message_count,
    lastActivity: thread.last_activity,
    hasUnansweredInbound: thread.has_unanswered_inbound,
  });
}

/** Converts a thread back into the answer of `GET …/threads/{threadId}`. */
export function toWireThread(thread: Thread): Record<string, unknown> {
  return defined({
    ...thread.others,
    thread_id: thread.threadId,
    message_count: thread.messageCount,
    participants: thread.participants,
    last_activity: thread.lastActivity,
    has_unanswered_inbound: thread.hasUnansweredInbound,
    emails: thread.emails.map(toWireEmailSummary),
  });
}
