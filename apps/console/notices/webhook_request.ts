import type { NoticeMessage } from "@countersign/lifecycle";
import { Webhook } from "standardwebhooks";

/** A signed request, after https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
export interface WebhookRequest {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Builds and signs what is posted to a webhook. `webhook-id` is the notice's own: who gets a notice again, since nobody knew
 * whether it had arrived, can tell.
 */
export function webhookRequest(message: NoticeMessage, secret: string): WebhookRequest {
  const { id, team, about, isReceived, emails, assistants, since, at, link } = message;
  const body = JSON.stringify({
    type: TYPES[about],
    timestamp: new Date(at).toISOString(),
    data: {
      ...{ team, emails, assistants, since: new Date(since).toISOString(), link },
      ...(isReceived && { received: true }),
    },
  });
  const headers = {
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(at / 1000)),
    "webhook-signature": new Webhook(secret).sign(id, new Date(at), body),
  };
  return { body, headers };
}

const TYPES = {
  waiting: "emails.waiting",
  reminder: "emails.still_waiting",
  escalated: "emails.escalated",
} as const;
