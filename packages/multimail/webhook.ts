import { z } from "zod";
import { defined, ID, INSTANT, TEXT } from "./_wire.ts";

/** A subscription to MultiMail's events. */
export interface Webhook {
  readonly id: string;
  readonly url: string;
  readonly events: readonly string[];
  /** Absent: the whole account. */
  readonly mailboxId?: string;
  /** `whsec_…`; MultiMail shows it once, on creation. A secret. */
  readonly signingSecret?: string;
  /** ISO 8601 in UTC. */
  readonly createdAt?: string;
}

const WIRE = z.looseObject({
  id: ID,
  url: z.string(),
  events: z.array(z.string()),
  mailbox_id: TEXT,
  signing_secret: TEXT,
  created_at: INSTANT,
});

const LIST = z.looseObject({ subscriptions: z.array(z.unknown()) });

/** Converts MultiMail's `Webhook`. Throws a `ZodError` when it is none. */
export function convertWebhook(wire: unknown): Webhook {
  const webhook = WIRE.parse(wire);
  return defined({
    id: webhook.id,
    url: webhook.url,
    events: webhook.events,
    mailboxId: webhook.mailbox_id,
    signingSecret: webhook.signing_secret,
    createdAt: webhook.created_at,
  });
}

/** Converts the answer of `GET /v1/webhooks`. Throws a `ZodError` when it is none. */
export function convertWebhooks(wire: unknown): readonly Webhook[] {
  return LIST.parse(wire).subscriptions.map(convertWebhook);
}
