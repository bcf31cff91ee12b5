import { peopleToTell } from "@countersign/core/approval";
import type { PolicySet } from "@countersign/core/policy";
import { inParallel } from "@countersign/host";
import {
  Background,
  carryOutNotice,
  type Delivery,
  NoticeLedger,
  type NoticeMessage,
  type OpenNotice,
  STALE_MS,
  type WaitingFact,
} from "@countersign/lifecycle";
import { type MultiMailClient, MultiMailError } from "@countersign/multimail";
import type { TrailStore } from "@countersign/trail";
import type { Logger } from "pino";
import type { ConsoleKeys } from "../lifecycle/console_keys.ts";
import type { Metrics } from "../operations/metrics.ts";
import { receivedFacts } from "./received_facts.ts";
import { sendNotice } from "./send_notice.ts";
import { waitingFact } from "./waiting_fact.ts";

/** How often the trail is asked for notices, in milliseconds. */
const PASS_MS = 10_000;

/** What notices are sent by email with. */
export interface EmailNoticesOptions {
  readonly trail: TrailStore;
  /** The policies in force at this moment. */
  readonly policies: () => PolicySet;
  /** MultiMail with the key of a variable, or why there is none. */
  readonly clientOf: (variable: string) => Promise<MultiMailClient | string>;
  /** By which a decision is known that counts. */
  readonly consoleKeys: ConsoleKeys;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly log: Logger;
  readonly metrics: Pick<Metrics, "noticed">;
}

/**
 * Sends the notices by email that consoles asked for in the trail: they hold no key that sends, and the gateway none that decides.
 * Follows those of other channels, too, since only the gateway has metrics. Several gateways on one trail send each notice once.
 */
export class EmailNotices {
  readonly #options: EmailNoticesOptions;
  readonly #passes: Background;
  #ledger: NoticeLedger | undefined;

  constructor(options: EmailNoticesOptions) {
    this.#options = options;
    this.#passes = new Background({
      pass: (signal) => this.pass(signal),
      nextMs: () => PASS_MS,
      failure: "Cannot send the notices of email that waits; it is tried again",
      log: options.log,
    });
  }

  start(): void {
    this.#passes.within(0);
  }

  /** Resolves when the notice under way is sent, or left. */
  stop(): Promise<void> {
    return this.#passes.stop();
  }

  /**
   * Sends what is asked for.
   *
   * @throws {TrailUnavailableError}
   */
  async pass(signal?: AbortSignal): Promise<void> {
    const { trail, policies, clock } = this.#options;
    const channels = policies().organisation?.channels;
    if (channels === undefined || channels.size === 0) return;
    const ledger = this.#ledger ?? new NoticeLedger({ trail, clock, since: clock() - STALE_MS });
    await this.#follow(ledger);
    this.#ledger = ledger;
    for (const notice of ledger.open()) {
      if (signal?.aborted) return;
      if (notice.over !== "email" || notice.dueAt > clock() || !ledger.mayUse(notice.channel, notice.id))
        continue;
      const received = notice.isReceived ? await this.#receivedOf(notice) : [];
      if (received === undefined) continue;
      await this.#carryOut(notice, received);
      await this.#follow(ledger);
    }
  }

  async #follow(ledger: NoticeLedger): Promise<void> {
    const { metrics, policies } = this.#options;
    const isFirst = this.#ledger === undefined;
    const records = await ledger.follow();
    // Who was told is the console's to know.
    ledger.keepOnly(() => false);
    const channels = [...(policies().organisation?.channels ?? [])].map(([name, { kind }]) => ({
      kind,
      isFailing: ledger.healthOf(name).failing !== undefined,
    }));
    // What an earlier run counted is not counted again.
    metrics.noticed(isFirst ? [] : records.map(({ data }) => data), channels);
  }

  /** What still waits of received email, which only MultiMail knows; undefined: it does not say now. */
  async #receivedOf({ team, receipts }: OpenNotice): Promise<readonly WaitingFact[] | undefined> {
    const { policies, clientOf, log } = this.#options;
    const policy = policies().teams.get(team);
    if (policy === undefined) return [];
    try {
      const client = await clientOf(policy.mailbox.apiKeyEnv);
      const facts = typeof client === "string" ? undefined : await receivedFacts(receipts, policy, client);
      if (facts === undefined) log.warn({ team }, "MultiMail does not say which received email waits");
      return facts;
    } catch (error) {
      if (!(error instanceof MultiMailError)) throw error;
      log.warn({ team, code: error.code }, "MultiMail does not say which received email waits");
      return undefined;
    }
  }

  async #carryOut(notice: OpenNotice, received: readonly WaitingFact[]): Promise<void> {
    const { trail, policies, clock, log, consoleKeys } = this.#options;
    await carryOutNotice(notice, {
      ...{ trail, clock, log, policy: () => policies().hash },
      stillWaiting: async (receipts) => {
        if (notice.isReceived) return received;
        const facts = await inParallel(receipts, (receipt) => waitingFact(receipt, { trail, consoleKeys }));
        return facts.filter((fact) => fact !== undefined);
      },
      deliver: (message, { channel }) => this.#deliver(message, channel),
    });
  }

  async #deliver(message: NoticeMessage, name: string): Promise<Delivery> {
    const { policies, clientOf, clock, log } = this.#options;
    const inForce = policies();
    const channel = inForce.organisation?.channels.get(name);
    if (channel?.kind !== "email") return { ok: false, code: "no_channel", mayRetry: false };
    const { team, about, since } = message;
    const people = peopleToTell(inForce, team, { about, heldAt: [since], now: clock() });
    let client: MultiMailClient | string;
    try {
      client = await clientOf(channel.mailbox.apiKeyEnv);
    } catch (error) {
      if (!(error instanceof MultiMailError)) throw error;
      return { ok: false, code: `multimail_${error.code}`, mayRetry: true };
    }
    if (typeof client === "string") {
      log.error({ channel: name }, client);
      return { ok: false, code: "no_key", mayRetry: true };
    }
    return sendNotice(message, { client, mailbox: channel.mailbox, people });
  }
}
