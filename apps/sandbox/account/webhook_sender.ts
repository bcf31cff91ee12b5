import { createHmac } from "node:crypto";
import type { Email } from "./email.ts";
import type { Mailbox } from "./mailbox.ts";

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
type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

/** A subscription. */
export interface Webhook {
  readonly id: string;
  readonly url: string;
  readonly events: readonly WebhookEvent[];
  /** Null: of every mailbox. */
  readonly mailboxId: string | null;
  readonly createdAt: number;
}

/** What a `WebhookSender` needs besides its secret. */
export interface WebhookSenderOptions {
  readonly now: () => number;
  /** Milliseconds before the first retry; each further one waits twice as long. MultiMail's are unknown. */
  readonly retryMs: number;
}

interface Job {
  readonly url: string;
  readonly body: string;
  /** How often it was tried before. */
  readonly retries: number;
}

const MAX_RETRIES = 3;
const TIMEOUT_MS = 5000;
const MAX_RUNNING = 16;

/** Tells subscribers what happened, with up to three retries. Whoever cannot be told then is not told. */
export class WebhookSender {
  /** In the order of creation. */
  readonly subscriptions: Webhook[] = [];
  readonly secret: string;
  readonly #options: WebhookSenderOptions;
  readonly #waiting: Job[] = [];
  #running = 0;
  readonly #closed = new AbortController();

  constructor(secret: string, options: WebhookSenderOptions) {
    this.secret = secret;
    this.#options = options;
  }

  /** Posts an event to everyone who subscribed to it, in the background. */
  emit(event: WebhookEvent, mailbox: Mailbox, email: Email): void {
    const urls = this.subscriptions
      .filter(({ events, mailboxId }) => events.includes(event) && (mailboxId ?? mailbox.id) === mailbox.id)
      .map(({ url }) => url);
    const ownUrl = event.startsWith("oversight.") ? mailbox.oversightWebhookUrl : mailbox.webhookUrl;
    if (ownUrl !== null) urls.push(ownUrl);
    if (urls.length === 0) return;
    const body = JSON.stringify({
      event,
      timestamp: new Date(this.#options.now()).toISOString(),
      data: {
        email_id: email.id,
        from: email.from,
        to: email.to,
        subject: email.subject,
        direction: email.direction,
        has_attachments: email.attachments.length > 0,
      },
    });
    for (const url of urls) this.#add({ url, body, retries: 0 });
  }

  /** Drops what is under way. */
  close(): void {
    this.#closed.abort();
    this.#waiting.length = 0;
  }

  #add(job: Job): void {
    this.#waiting.push(job);
    void this.#work();
  }

  async #work(): Promise<void> {
    if (this.#running === MAX_RUNNING) return;
    this.#running++;
    for (let job = this.#waiting.shift(); job !== undefined; job = this.#waiting.shift()) {
      const done = await this.#post(job);
      if (done || job.retries === MAX_RETRIES || this.#closed.signal.aborted) continue;
      const next: Job = { ...job, retries: job.retries + 1 };
      setTimeout(() => this.#add(next), this.#options.retryMs * 2 ** job.retries).unref();
    }
    this.#running--;
  }

  async #post({ url, body }: Job): Promise<boolean> {
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "x-multimail-signature": signWebhook(this.secret, body),
        },
        body,
        redirect: "manual",
        signal: AbortSignal.any([this.#closed.signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
      await response.arrayBuffer();
      return response.ok;
    } catch {
      // A receiver that cannot be reached is like one that answers with an error.
      return false;
    }
  }
}

/**
 * The value of `X-MultiMail-Signature`: HMAC-SHA256 over the raw body, hexadecimal. The key is the whole secret with
 * its `whsec_` prefix; whether MultiMail keeps the prefix is unknown.
 */
function signWebhook(secret: string, body: string): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}
