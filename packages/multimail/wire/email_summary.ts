import { z } from "zod";
import { type Codec, type Members, member, orNull, shape } from "../codec/shape.ts";
import { ADDRESSES, FLAG, ID, INSTANT, NUMBER, TEXT, WORDS } from "../codec/values.ts";

/** An email without its body, as lists and threads show it. Times are ISO 8601 in UTC. */
export interface EmailSummary {
  readonly id: string;
  /** Empty when MultiMail does not say. */
  readonly from: string;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  /** Empty when MultiMail does not say. */
  readonly subject: string;
  /** MultiMail's text; new values come without notice, and none of the known ones means sent. */
  readonly status: string;
  /** `inbound` or `outbound`. */
  readonly direction?: string;
  readonly threadId?: string;
  readonly hasAttachments?: boolean;
  readonly receivedAt?: string;
  readonly deliveredAt?: string;
  readonly bouncedAt?: string;
  readonly bounceType?: string;
  readonly spamScore?: number;
  readonly spamVerdict?: string;
  /** What MultiMail says besides, as it says it. */
  readonly others?: Readonly<Record<string, unknown>>;
}

/** What an email without its body has; larger shapes have more. */
export const SUMMARY_MEMBERS: Members<EmailSummary> = {
  id: member("id", ID),
  from: member("from", WORDS),
  to: member("to", ADDRESSES),
  // MultiMail's lists do not say: an empty one would say that nobody had a copy.
  cc: member("cc", ADDRESSES, (cc) => (cc.length > 0 ? cc : undefined)),
  subject: member("subject", WORDS),
  direction: member("direction", TEXT),
  status: member("status", z.string()),
  receivedAt: member("received_at", INSTANT),
  threadId: member("thread_id", TEXT, orNull),
  hasAttachments: member("has_attachments", FLAG),
  deliveredAt: member("delivered_at", INSTANT, orNull),
  bouncedAt: member("bounced_at", INSTANT, orNull),
  bounceType: member("bounce_type", TEXT, orNull),
  spamScore: member("spam_score", NUMBER, orNull),
  spamVerdict: member("spam_verdict", TEXT, orNull),
};

/** Lists show no text: whoever may list email may not read it for that. */
const TEXTS = /^(?:markdown|body|html|text|raw|snippet|preview)/i;

/** MultiMail's `EmailSummary`. */
export const EMAIL_SUMMARY: Codec<EmailSummary> = shape<EmailSummary>(SUMMARY_MEMBERS, {
  keeps: (name) => !TEXTS.test(name),
});
