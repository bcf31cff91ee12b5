import { type LiveMailbox, liveDifferences } from "@countersign/core/decision";
import type { PolicySet, TeamPolicy } from "@countersign/core/policy";
import { appendOnce, Background, stopReason } from "@countersign/lifecycle";
import {
  type DriftData,
  type DriftEntryOptions,
  driftEntry,
  isAppliedChange,
  type TrailStore,
} from "@countersign/trail";
import type { Logger } from "pino";

/** How often the trail is asked whether a person cleared a mailbox, or another gateway stopped one. */
const READ_MS = 2_000;

/** What somebody decided who is no approver of the team, or alone where several must. */
export interface OtherDecision {
  /** Of the email that left or not, or of the call that first read what was released. */
  readonly receipt: string;
  /** Names the decision, once a receipt. */
  readonly event: string;
  /** Whom MultiMail names. */
  readonly by?: string;
  /** The policy's key that the decision breaks. @default "approvers" */
  readonly key?: "approvers" | "approval.needed";
  /** MultiMail's id of a received email. */
  readonly email?: string;
}

/** How many receipts a notice names. */
const MAX_SHOWN = 3;

/** What alarms are kept with. */
export interface MailboxAlarmsOptions {
  readonly policies: () => PolicySet;
  readonly trail: TrailStore;
  readonly clock: () => number;
  readonly log: Logger;
}

/** What raised an alarm. */
export interface Alarm {
  /** Of the email that is not what was authorised. */
  readonly receipt: string;
  /** Names of what differs. */
  readonly differences: readonly string[];
}

/**
 * Which mailboxes are stopped, and which differ from their policies, as the trail's `drift` records say. They are the
 * only memory: a stop outlives the gateway, holds for all gateways on the trail, and ends when a person clears it there.
 */
export class MailboxAlarms {
  readonly #options: MailboxAlarmsOptions;
  /** Why a mailbox is stopped, by its id. */
  readonly #stops = new Map<string, string>();
  /** Receipts of email on which somebody decided whom the policy does not name, by mailbox id. */
  readonly #decidedByOther = new Map<string, Set<string>>();
  /** Ids of received email that such a person released. */
  readonly #releasedByOther = new Set<string>();
  /** The settings that differ, as one text, by mailbox id; absent: none. */
  readonly #drift = new Map<string, string>();
  readonly #writing = new Set<Promise<void>>();
  #nextSeq = 0;
  readonly #reading: Background;

  constructor(options: MailboxAlarmsOptions) {
    this.#options = options;
    this.#reading = new Background({
      pass: () => this.#readNew(),
      nextMs: () => READ_MS,
      failure: "Cannot read which mailboxes are stopped",
      log: options.log,
    });
  }

  /**
   * Reads what the trail knows, and from then on what comes in.
   *
   * @throws {TrailUnavailableError} and then nobody knows what is stopped
   */
  async start(): Promise<void> {
    await this.#readNew();
    this.#reading.within(READ_MS);
  }

  /** Ends the reading; resolves when everything is on record. */
  async stop(): Promise<void> {
    await this.#reading.stop();
    await Promise.all(this.#writing);
  }

  /** Why nothing may leave the mailbox, for people; undefined: it is not stopped. */
  stopOf(mailboxId: string): string | undefined {
    return this.#stops.get(mailboxId);
  }

  /** What people should look at though it stops nothing. Free of personal data. */
  noticesOf(mailboxId: string): readonly string[] {
    const receipts = [...(this.#decidedByOther.get(mailboxId) ?? [])];
    if (receipts.length === 0) return [];
    const shown = receipts.slice(0, MAX_SHOWN).join(", ");
    const more = receipts.length > MAX_SHOWN ? ` and ${receipts.length - MAX_SHOWN} more` : "";
    return [
      `Somebody who is no approver of the team, or alone where several must, decided on its email at MultiMail, until a person clears it: receipt ${shown}${more}`,
    ];
  }

  /**
   * Records that somebody who is no approver of the team, or one person alone where several must, decided on its email, and tells of it until a person clears it.
   *
   * @throws {TrailUnavailableError}
   */
  async decidedByOther(
    { team, mailbox }: TeamPolicy,
    { receipt, event, by, email, key = "approvers" }: OtherDecision,
  ): Promise<void> {
    this.#options.log.error(
      { team, mailbox: mailbox.id, receipt, event, key },
      "Somebody who is no approver of the team, or alone where several must, decided on its email at MultiMail",
    );
    const { clock, policies } = this.#options;
    const entry = driftEntry(
      {
        ...{ result: "decided_by_other", mailbox: mailbox.id, settings: [key], because: receipt },
        ...(by !== undefined && { by }),
        ...(email !== undefined && { email }),
      },
      { at: clock(), team, receipt, policy: policies().hash },
    );
    await appendOnce([{ what: `${event} by other of ${receipt}`, entry }], this.#options);
    this.#noteOther(entry.data);
  }

  /** Whether an alarm was raised about who released this received email, be it cleared since. */
  knowsEmail(emailId: string): boolean {
    return this.#releasedByOther.has(emailId);
  }

  #noteOther({ mailbox, because, email }: DriftData): void {
    if (email !== undefined) this.#releasedByOther.add(email);
    const known = this.#decidedByOther.get(mailbox) ?? new Set();
    this.#decidedByOther.set(mailbox, known.add(because ?? ""));
  }

  /**
   * Stops the mailbox until a person clears it: at once here, and for everybody when the promise resolves.
   *
   * @throws {TrailUnavailableError} and then it is stopped only here, until the gateway ends
   */
  async raise({ team, mailbox }: TeamPolicy, { receipt, differences }: Alarm): Promise<void> {
    const isNew = !this.#stops.has(mailbox.id);
    const stopped = {
      result: "stopped",
      mailbox: mailbox.id,
      settings: differences,
      because: receipt,
    } as const;
    this.#stops.set(mailbox.id, stopReason(stopped));
    this.#options.log.error(
      { team, mailbox: mailbox.id, receipt, differences },
      "An email at MultiMail is not what was authorised: its mailbox is stopped until a person clears it",
    );
    if (isNew) await this.#record(team, stopped);
  }

  /** Compares a mailbox, as it was just seen, with its policy; what is new about the difference is recorded. */
  compare(policy: TeamPolicy, live: LiveMailbox): void {
    const { team, mailbox } = policy;
    const differences = liveDifferences(policy, live);
    const settings = differences.map(({ path }) => path);
    // Forwarding inbound email stops nothing that leaves, and no policy can declare it: people are told of it.
    if (live.forwardsInbound) settings.push("mailbox.forward_inbound");
    const [known, found] = [this.#drift.get(mailbox.id) ?? "", settings.join(" ")];
    if (found === known) return;
    this.#setDrift(mailbox.id, settings);
    const about = { team, mailbox: mailbox.id, settings, details: differences.map(({ detail }) => detail) };
    if (found === "")
      this.#options.log.info(about, "A mailbox at MultiMail is as its policy declares it again");
    else this.#options.log.warn(about, "A mailbox at MultiMail is not as its policy declares it");
    const result = found === "" ? "ends" : "differs";
    const write = this.#record(team, { result, mailbox: mailbox.id, settings })
      .catch((error: unknown) => {
        // Unless somebody changed it meanwhile, the next look records it.
        if (this.#drift.get(mailbox.id) === (found || undefined))
          this.#setDrift(mailbox.id, known.split(" "));
        this.#options.log.error({ err: error, team }, "Cannot record that a mailbox differs");
      })
      .finally(() => this.#writing.delete(write));
    this.#writing.add(write);
  }

  #setDrift(mailboxId: string, settings: readonly string[]): void {
    const text = settings.join(" ");
    if (text === "") this.#drift.delete(mailboxId);
    else this.#drift.set(mailboxId, text);
  }

  async #record(team: string, drift: DriftEntryOptions): Promise<void> {
    const { trail, clock, policies } = this.#options;
    await trail.append(driftEntry(drift, { at: clock(), team, receipt: null, policy: policies().hash }));
  }

  async #readNew(): Promise<void> {
    for await (const { record } of this.#options.trail.records({ kind: "drift", fromSeq: this.#nextSeq })) {
      this.#nextSeq = record.seq + 1;
      const { data } = record;
      // What somebody changed at MultiMail says nothing of whether a mailbox differs: the next look at it does.
      if (isAppliedChange(data)) continue;
      if (data.result === "stopped") this.#stops.set(data.mailbox, stopReason(data));
      else if (data.result === "cleared") {
        this.#options.log.warn({ mailbox: data.mailbox }, "A person cleared a mailbox: it may send again");
        this.#stops.delete(data.mailbox);
        this.#decidedByOther.delete(data.mailbox);
      } else if (data.result === "decided_by_other") this.#noteOther(data);
      else this.#setDrift(data.mailbox, data.settings);
    }
  }
}
