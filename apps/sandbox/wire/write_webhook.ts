import type { Webhook } from "../account/webhook_sender.ts";
import { writeTime } from "./write_time.ts";

/** A subscription in a list (MultiMail schema `Webhook`), without its secret. */
export interface WebhookWire {
  readonly id: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly mailbox_id: string | null;
  readonly created_at: string;
}

/** Writes a subscription. */
export function writeWebhook({ id, url, events, mailboxId, createdAt }: Webhook): WebhookWire {
  return { id, url, events, mailbox_id: mailboxId, created_at: writeTime(createdAt) };
}
