/** The events that a subscription can name. */
export const WEBHOOK_EVENTS = [
  "message.received",
  "message.sent",
  "message.delivered",
  "message.bounced",
  "message.complained",
  "oversight.pending",
  "oversight.approved",
  "oversight.rejected",
] as const;

/** Something that MultiMail tells a subscriber. */
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

/** A subscription. */
export interface Webhook {
  readonly id: string;
  readonly url: string;
  readonly events: readonly WebhookEvent[];
  /** Null: of every mailbox. */
  readonly mailboxId: string | null;
  readonly createdAt: number;
}
