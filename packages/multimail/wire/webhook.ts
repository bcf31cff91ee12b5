import { z } from "zod";
import { type Codec, listOfWholes, member, shape } from "../codec/shape.ts";
import { ID, INSTANT, TEXT, TEXTS } from "../codec/values.ts";

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

/** MultiMail's `Webhook`. */
export const WEBHOOK: Codec<Webhook> = shape<Webhook>({
  id: member("id", ID),
  url: member("url", z.string()),
  events: member("events", TEXTS),
  mailboxId: member("mailbox_id", TEXT),
  signingSecret: member("signing_secret", TEXT),
  createdAt: member("created_at", INSTANT),
});

const LIST = shape<{ readonly webhooks: readonly Webhook[] }>({
  webhooks: listOfWholes("subscriptions", WEBHOOK),
});

/** Reads the answer of `GET /v1/webhooks`. Throws a `ZodError` when it is none. */
export function readWebhooks(wire: unknown): readonly Webhook[] {
  return LIST.read(wire).webhooks;
}
