import { defined } from "@countersign/core/optional";
import { z } from "zod";
import { decodeJson } from "../codec/decode_json.ts";
import { ADDRESSES, FLAG, INSTANT, TEXT } from "../codec/values.ts";

/** MultiMail's events that are known. */
export const WEBHOOK_EVENT_KINDS = [
  "message.received",
  "message.sent",
  "message.delivered",
  "message.bounced",
  "message.complained",
  "oversight.pending",
  "oversight.approved",
  "oversight.rejected",
] as const;

/** An event that is known. */
export type WebhookEventKind = (typeof WEBHOOK_EVENT_KINDS)[number];

/** What a webhook tells. It may come late, twice or out of order: ask the API before you act on it. */
export interface WebhookEvent {
  /** MultiMail's own text. */
  readonly event: string;
  /** What it means; absent for an event that is not known. */
  readonly kind?: WebhookEventKind;
  /** ISO 8601 in UTC. */
  readonly timestamp?: string;
  readonly emailId?: string;
  readonly mailboxId?: string;
  readonly from?: string;
  readonly to: readonly string[];
  readonly subject?: string;
  readonly direction?: string;
  readonly hasAttachments?: boolean;
}

const MAX_BYTES = 1024 * 1024;

const WIRE = z.looseObject({
  event: z.string().min(1).max(100),
  timestamp: INSTANT,
  data: z
    .looseObject({
      email_id: TEXT,
      id: TEXT,
      mailbox_id: TEXT,
      from: TEXT,
      to: ADDRESSES.catch([]),
      subject: TEXT,
      direction: TEXT,
      has_attachments: FLAG,
    })
    .optional()
    .catch(undefined),
});

/** Reads a webhook's body, of at most 1 MiB. Throws a `SyntaxError` when it is no event at all. */
export function parseWebhookEvent(body: Uint8Array): WebhookEvent {
  if (body.length > MAX_BYTES) throw new SyntaxError("Cannot read webhook: it is larger than 1 MiB");
  const { event, timestamp, data } = parse(body);
  return defined({
    event,
    kind: findKind(event),
    timestamp,
    emailId: data?.email_id ?? data?.id,
    mailboxId: data?.mailbox_id,
    from: data?.from,
    to: data?.to ?? [],
    subject: data?.subject,
    direction: data?.direction,
    hasAttachments: data?.has_attachments,
  });
}

function parse(body: Uint8Array): z.infer<typeof WIRE> {
  try {
    return WIRE.parse(decodeJson(body));
  } catch {
    // The reason would quote a stranger's text.
    throw new SyntaxError("Cannot read webhook: it is no JSON with an event");
  }
}

function findKind(event: string): WebhookEventKind | undefined {
  // Some of MultiMail's pages call a message an email.
  const name = event.replace(/^email\./, "message.");
  return WEBHOOK_EVENT_KINDS.find((kind) => kind === name);
}
