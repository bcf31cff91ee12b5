import { z } from "zod";
import { ADDRESSES, defined, FLAG, ID, INSTANT, NUMBER, others, TEXT } from "./_wire.ts";

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

const WIRE = z.looseObject({
  id: ID,
  from: TEXT,
  to: ADDRESSES,
  cc: ADDRESSES,
  subject: TEXT,
  status: z.string(),
  direction: TEXT,
  thread_id: TEXT,
  has_attachments: FLAG,
  received_at: INSTANT,
  delivered_at: INSTANT,
  bounced_at: INSTANT,
  bounce_type: TEXT,
  spam_score: NUMBER,
  spam_verdict: TEXT,
});

/** Converts MultiMail's `EmailSummary`, or a larger shape with more that is `known`. Throws a `ZodError` when it is none. */
export function convertEmailSummary(wire: unknown, known: readonly z.ZodObject[] = []): EmailSummary {
  const email = WIRE.parse(wire);
  return defined({
    ...(known.length > 0 ? others(email, WIRE, ...known) : others(withoutText(email), WIRE)),
    id: email.id,
    from: email.from ?? "",
    to: email.to,
    cc: email.cc,
    subject: email.subject ?? "",
    status: email.status,
    direction: email.direction,
    threadId: email.thread_id,
    hasAttachments: email.has_attachments,
    receivedAt: email.received_at,
    deliveredAt: email.delivered_at,
    bouncedAt: email.bounced_at,
    bounceType: email.bounce_type,
    spamScore: email.spam_score,
    spamVerdict: email.spam_verdict,
  });
}

/** Lists show no text: whoever may list email may not read it for that. */
function withoutText(email: object): object {
  return Object.fromEntries(Object.entries(email).filter(([name]) => !TEXTS.test(name)));
}

const TEXTS = /^(?:markdown|body|html|text|raw|snippet|preview)/i;

/** Converts an email back into MultiMail's `EmailSummary`. */
export function toWireEmailSummary(email: EmailSummary): Record<string, unknown> {
  return defined({
    ...email.others,
    id: email.id,
    from: email.from,
    to: email.to,
    // MultiMail's lists do not say: an empty one would say that nobody had a copy.
    cc: email.cc.length > 0 ? email.cc : undefined,
    subject: email.subject,
    direction: email.direction,
    status: email.status,
    received_at: email.receivedAt,
    thread_id: email.threadId ?? null,
    has_attachments: email.hasAttachments,
    delivered_at: email.deliveredAt ?? null,
    bounced_at: email.bouncedAt ?? null,
    bounce_type: email.bounceType ?? null,
    spam_score: email.spamScore ?? null,
    spam_verdict: email.spamVerdict ?? null,
  });
}
