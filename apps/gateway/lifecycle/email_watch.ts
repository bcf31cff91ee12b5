import { setImmediate as nextTick } from "node:timers/promises";
import { inParallel } from "@countersign/host";
import { appendOnce, Background } from "@countersign/lifecycle";
import type { MultiMailErrorCode } from "@countersign/multimail";
import {
  type Commitment,
  isOf,
  type LifecycleEvent,
  lifecycleEntry,
  type Sealed,
  type SealedKind,
  TrailUnavailableError,
} from "@countersign/trail";
import type { Logger } from "pino";
import { giveWay } from "../background/give_way.ts";
import { type LookReason, type LookResult, type LookWorld, lookAtEmail } from "./look_at_email.ts";

/** The first question comes so long after MultiMail took an email; later ones at growing distances. */
const FIRST_MS = 1_000;

/** The longest distance between questions, on the first day and after it. */
const LONGEST_MS = 10 * 60_000;
const LONGEST_LATER_MS = 60 * 60_000;

const DAY_MS = 24 * 60 * 60_000;

/** Of what MultiMail said nothing final for so long it is not asked any more. */
const GIVE_UP_MS = 30 * DAY_MS;

/** After a failure nothing is asked for so long, unless MultiMail wants it longer. */
const PAUSE_MS = 5_000;

/** How often the trail is asked for emails that other gateways left. */
const ADOPT_MS = 15 * 60_000;

/** For so long after it is due a question gives way to calls. */
const PATIENCE_MS = 10_000;

/** UTF-16 units of values that are kept for first looks: of a few thousand emails. */
const MAX_KEPT = 4 * 1024 * 1024;

/** What a look compares. */
const COMPARED: ReadonlySet<SealedKind> = new Set(["address", "attachment_name", "subject", "body"]);

/** How many emails are asked about together. */
const AT_ONCE = 16;

/** What emails are watched with. */
export interface EmailWatchOptions extends LookWorld {
  readonly log: Logger;
  /** Whether calls take all that there is: then nothing is asked that can wait. @default never */
  readonly isBusy?: () => boolean;
}

/** An email that nothing final is known of. */
interface Watched {
  readonly receipt: string;
  /** When MultiMail took it; epoch milliseconds. */
  readonly since: number;
  /** When it is asked about next; epoch milliseconds. */
  due: number;
  /** What the first look compares it with. */
  values: ReadonlyMap<Commitment, string> | undefined;
}

/** A look that waits for its turn, for all the reasons that there are meanwhile. */
interface WaitingLook {
  readonly told: Set<LifecycleEvent>;
  onlyNews: boolean;
  readonly result: Promise<LookResult>;
}

/** What says that MultiMail cannot be asked about any email now. */
const TROUBLES: ReadonlySet<MultiMailErrorCode> = new Set(["auth", "rate", "unavailable", "unknown_outcome"]);

/**
 * Watches every email that MultiMail took until it arrived, came back, or will never leave: by asking at growing
 * distances, and at once when somebody has reason to. Which emails those are the trail knows, so that a restart loses none.
 */
export class EmailWatch {
  readonly #options: EmailWatchOptions;
  /** By receipt, as the next two. */
  readonly #watched = new Map<string, Watched>();
  readonly #running = new Map<string, Promise<LookResult>>();
  readonly #waiting = new Map<string, WaitingLook>();
  /** UTF-16 units of the values that wait for a first look. */
  #kept = 0;
  #pausedUntil = 0;
  #adoptAt = 0;
  readonly #background: Background;

  constructor(options: EmailWatchOptions) {
    this.#options = options;
    this.#background = new Background({
      pass: (signal) => this.#askAll(signal),
      nextMs: () => this.#nextDelay(),
      failure: "Cannot watch emails at MultiMail",
      log: options.log,
    });
  }

  /** Takes over what the trail says is to be watched, and begins to ask. */
  start(): void {
    this.#background.within(0);
  }

  /** Watches an email that MultiMail just took; `sealed` spares the first look what was sealed with its intent. */
  add(receipt: string, sealed: readonly Sealed[] = []): void {
    const now = this.#options.clock();
    this.#release(receipt);
    this.#watched.set(receipt, { receipt, since: now, due: now + FIRST_MS, values: this.#keep(sealed) });
    this.#background.within(FIRST_MS);
  }

  /**
   * Asks MultiMail what became of a receipt's email and records what is new. Whoever asks while a look is under way
   * shares the next one: the running one may have asked before something happened.
   *
   * @throws {TrailUnavailableError}
   */
  look(receipt: string, reason: LookReason): Promise<LookResult> {
    const waiting = this.#waiting.get(receipt);
    if (waiting !== undefined) {
      for (const event of reason.told ?? []) waiting.told.add(event);
      waiting.onlyNews &&= reason.onlyNews ?? false;
      return waiting.result;
    }
    const running = this.#running.get(receipt);
    if (running === undefined) return this.#run(receipt, reason);
    const result = running
      .catch(() => undefined)
      .then(() => {
        this.#waiting.delete(receipt);
        return this.#run(receipt, { learntBy: reason.learntBy, told: next.told, onlyNews: next.onlyNews });
      });
    const next: WaitingLook = { told: new Set(reason.told), onlyNews: reason.onlyNews ?? false, result };
    this.#waiting.set(receipt, next);
    return result;
  }

  /** Asks nothing any more; resolves when what runs is over. */
  async stop(): Promise<void> {
    await this.#background.stop();
    const looks = [...this.#running.values(), ...[...this.#waiting.values()].map(({ result }) => result)];
    await Promise.allSettled(looks);
  }

  #run(receipt: string, reason: LookReason): Promise<LookResult> {
    const values = this.#release(receipt);
    const run = lookAtEmail(receipt, values === undefined ? reason : { ...reason, values }, this.#options)
      .then((result) => {
        const watched = this.#watched.get(receipt);
        if (result.final) this.#watched.delete(receipt);
        else if (watched !== undefined && result.asked) this.#postpone(watched);
        return result;
      })
      .finally(() => this.#running.delete(receipt));
    this.#running.set(receipt, run);
    return run;
  }

  /** The values that a look compares, while there is room. */
  #keep(sealed: readonly Sealed[]): ReadonlyMap<Commitment, string> | undefined {
    const compared = sealed.filter(({ kind }) => COMPARED.has(kind));
    const length = compared.reduce((sum, { value }) => sum + value.length, 0);
    if (compared.length === 0 || this.#kept + length > MAX_KEPT) return undefined;
    this.#kept += length;
    return new Map(compared.map(({ commitment, value }) => [commitment, value]));
  }

  /** Hands them to the look that comes first: later ones ask the trail, and nothing stays in memory. */
  #release(receipt: string): ReadonlyMap<Commitment, string> | undefined {
    const watched = this.#watched.get(receipt);
    if (watched?.values === undefined) return undefined;
    const { values } = watched;
    watched.values = undefined;
    for (const value of values.values()) this.#kept -= value.length;
    return values;
  }

  async #askAll(signal: AbortSignal): Promise<void> {
    const { isBusy = () => false, clock } = this.#options;
    const now = clock();
    if (now >= this.#adoptAt) await this.#adopt(now);
    const due = [...this.#watched.values()].filter((watched) => watched.due <= now);
    const ask = async (watched: Watched) => {
      await giveWay({ isBusy, atMostMs: watched.due + PATIENCE_MS - this.#options.clock(), signal });
      // Somebody else may have had it looked at in the meantime, or has now.
      const isWanted = this.#watched.get(watched.receipt) === watched && watched.due <= clock();
      if (isWanted && !this.#running.has(watched.receipt)) await this.#ask(watched);
    };
    await inParallel(due, ask, {
      atOnce: AT_ONCE,
      isOver: () => signal.aborted || this.#options.clock() < this.#pausedUntil,
    });
  }

  /** Watches what the trail says is to be watched. Those of an earlier run are asked about over a while, not at once. */
  async #adopt(now: number): Promise<void> {
    this.#adoptAt = now + ADOPT_MS;
    for (const [index, { record }] of (await this.#options.trail.watchedEmails()).entries()) {
      const receipt = record.receipt ?? "";
      if (this.#watched.has(receipt)) continue;
      const since = Date.parse(record.at);
      const wait = Math.min(distance(now - since), index * 10);
      this.#watched.set(receipt, { receipt, since, due: now + wait, values: undefined });
      if (index % 1_000 === 999) await nextTick();
    }
  }

  async #ask(watched: Watched): Promise<void> {
    const { clock, log } = this.#options;
    const { receipt, since } = watched;
    this.#postpone(watched);
    try {
      const { final, failed } = await this.look(receipt, { learntBy: "polling" });
      if (final) return;
      if (clock() - since > GIVE_UP_MS) return await this.#giveUp(watched);
      if (typeof failed !== "object") return;
      log.warn({ receipt, code: failed.code }, "Cannot ask MultiMail what became of an email");
      if (TROUBLES.has(failed.code)) this.#pause(failed.retryAfterMs);
    } catch (error) {
      log.error({ err: error, receipt }, "Cannot find out what became of an email");
      if (error instanceof TrailUnavailableError) this.#pause();
    }
  }

  #postpone(watched: Watched): void {
    const now = this.#options.clock();
    watched.due = now + distance(now - watched.since);
  }

  #pause(ms = 0): void {
    this.#pausedUntil = this.#options.clock() + Math.max(PAUSE_MS, ms);
  }

  async #giveUp({ receipt }: Watched): Promise<void> {
    const { trail, clock, log } = this.#options;
    const outcome = (await trail.recordsOf(receipt)).find(isOf("outcome"))?.record;
    this.#watched.delete(receipt);
    if (outcome === undefined) return;
    const email = outcome.data.email ?? "";
    log.warn({ receipt }, "MultiMail told nothing new of an email for 30 days: it is not asked any more");
    const entry = lifecycleEntry(outcome, clock(), {
      event: "no_news",
      email,
      learnt_by: "polling",
      final: true,
    });
    await appendOnce([{ what: `no_news of ${receipt}`, entry }], this.#options);
  }

  #nextDelay(): number {
    const now = this.#options.clock();
    let soonest = this.#adoptAt;
    for (const { due } of this.#watched.values()) soonest = Math.min(soonest, due);
    return Math.max(100, Math.min(LONGEST_MS, Math.max(soonest, this.#pausedUntil) - now));
  }
}

/** How long to wait until an email of this age is asked about again: half its age, within bounds, spread a little. */
function distance(ageMs: number): number {
  const longest = ageMs < DAY_MS ? LONGEST_MS : LONGEST_LATER_MS;
  return Math.min(Math.max(ageMs / 2, FIRST_MS), longest) * (0.9 + Math.random() * 0.2);
}
