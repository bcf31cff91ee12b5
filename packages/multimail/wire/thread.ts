import { type Codec, listOfWholes, member, shape } from "../codec/shape.ts";
import { ADDRESSES, FLAG, ID, INSTANT, NUMBER } from "../codec/values.ts";
import { EMAIL_SUMMARY, type EmailSummary } from "./email_summary.ts";

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

/** The answer of `GET …/threads/{threadId}`. */
export const THREAD: Codec<Thread> = shape<Thread>(
  {
    threadId: member("thread_id", ID),
    messageCount: member("message_count", NUMBER),
    participants: member("participants", ADDRESSES),
    lastActivity: member("last_activity", INSTANT),
    hasUnansweredInbound: member("has_unanswered_inbound", FLAG),
    emails: listOfWholes("emails", EMAIL_SUMMARY),
  },
  { keeps: () => true },
);
