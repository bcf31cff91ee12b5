import { inParallel } from "@countersign/host";
import { Background } from "@countersign/lifecycle";
import type { WebhookEvent, WebhookEventKind } from "@countersign/multimail";
import { type LifecycleEvent, type TrailStore, unknownEventEntry } from "@countersign/trail";
import type { Logger } from "pino";
import { giveWay } from "../background/give_way.ts";
import type { EmailWatch } from "../lifecycle/email_watch.ts";

/** More emails than this do not wait: MultiMail tells them again, and they are asked about in any case. */
const MAX_WAITING = 20_000;

/** Events wait so long for others of the same email: what is told a thousand times is asked about a few times. */
const GATHER_MS = 50;

/** For so long events give way to calls. */
const PATIENCE_MS = 5_000;

/** How many emails are looked at together. */
const AT_ONCE = 8;

/** So many events that nobody knows are recorded, once each; whoever has the secret shall not fill the trail with them. */
const MAX_UNKNOWN = 100;

/** What MultiMail's events say about an outbound email. Inbound email has no lifecycle here. */
const EVENT: Readonly<Record<WebhookEventKind, LifecycleEvent | undefined>> = {
  "message.received": undefined,
  "message.sent": "sent",
  "message.delivered": "delivered",
  "message.bounced": "bounced",
  "message.complained": "complained",
  "oversight.pending": "held",
  "oversight.approved": "approved",
  "oversight.rejected": "rejected",
};

/** What webhooks are worked off with. */
export interface WebhookQueueOptions {
  readonly trail: TrailStore;
  readonly watch: EmailWatch;
  /** Hash of the policies in force. */
  readonly policy: () => string;
  readonly clock: () => number;
  readonly log: Logger;
  /** Whether calls take all that there is: then events wait, and more of one email come together. @default never */
  readonly isBusy?: () => boolean;
}

/**
 * What MultiMail tells, until it is confirmed. Events of one email wait together; those of an email that was not sent
 * from here are dropped.
 */
export class WebhookQueue {
  readonly #options: WebhookQueueOptions;
  /** What was told, by MultiMail's email id. */
  readonly #waiting = new Map<string, Set<LifecycleEvent>>();
  readonly #unknown = new Set<string>();
  readonly #recording = new Set<Promise<void>>();
  readonly #background: Background;

  constructor(options: WebhookQueueOptions) {
    this.#options = options;
    this.#background = new Background({
      pass: (signal) => this.#workOff(signal),
      failure: "Cannot work off what MultiMail told",
      log: options.log,
    });
  }

  /** Takes an event; false when too much waits. */
  add({ event: name, kind, emailId, direction }: WebhookEvent): boolean {
    if (kind === undefined) {
      this.#addUnknown(name);
      return true;
    }
    const event = EVENT[kind];
    if (event === undefined || emailId === undefined || direction === "inbound") return true;
    const told = this.#waiting.get(emailId);
    if (told === undefined && this.#waiting.size >= MAX_WAITING) return false;
    if (told === undefined) this.#waiting.set(emailId, new Set([event]));
    else told.add(event);
    this.#background.within(GATHER_MS);
    return true;
  }

  /** Drops what waits: its emails are asked about in any case. Resolves when what is under way is over. */
  async stop(): Promise<void> {
    await this.#background.stop();
    await Promise.all(this.#recording);
  }

  async #workOff(signal: AbortSignal): Promise<void> {
    await giveWay({ isBusy: this.#options.isBusy ?? (() => false), atMostMs: PATIENCE_MS, signal });
    if (signal.aborted) return;
    const emails = [...this.#waiting];
    this.#waiting.clear();
    await inParallel(emails, ([emailId, told]) => this.#confirm(emailId, told), {
      atOnce: AT_ONCE,
      isOver: () => signal.aborted,
    });
  }

  /** MultiMail's word is recorded only as far as its API bears it out. */
  async #confirm(emailId: string, told: ReadonlySet<LifecycleEvent>): Promise<void> {
    const { trail, watch, log } = this.#options;
    try {
      const receipt = await trail.receiptOf(emailId);
      if (receipt === undefined) return log.debug("MultiMail told of an email that was not sent from here");
      const { failed } = await watch.look(receipt, { learntBy: "webhook", told, onlyNews: true });
      if (failed !== undefined)
        log.warn({ receipt, failed }, "Cannot confirm what MultiMail told of an email");
    } catch (error) {
      log.error({ err: error }, "Cannot work off what MultiMail told");
    }
  }

  #addUnknown(text: string): void {
    const name = /^[\w.:-]+$/.test(text) ? text : "(no name)";
    if (this.#unknown.has(name) || this.#unknown.size >= MAX_UNKNOWN) return;
    this.#unknown.add(name);
    this.#options.log.warn({ event: name }, "MultiMail told an event that is not known");
    const record = this.#recordUnknown(name).finally(() => this.#recording.delete(record));
    this.#recording.add(record);
  }

  async #recordUnknown(name: string): Promise<void> {
    const { trail, policy, clock, log } = this.#options;
    try {
      await trail.append(unknownEventEntry(name, { at: clock(), policy: policy() }));
    } catch (error) {
      log.error({ err: error }, "Cannot record an event that is not known");
    }
  }
}
