import { Background } from "@countersign/lifecycle";
import { type AppendResult, refusedEntry, type TrailStore, TrailUnavailableError } from "@countersign/trail";
import type { Logger } from "pino";
import { withAppend } from "./with_append.ts";

/** How often a record is tried to be written after one could not be, in milliseconds. */
const RETRY_MS = 1_000;

/** What the trail's health is watched with. */
export interface TrailHealthOptions {
  /** Hash of the policies in force. */
  readonly policy: () => string;
  readonly clock: () => number;
  readonly log: Logger;
}

/**
 * Whether records can be written: not from the first append that failed until one succeeds. Who balances load sends
 * nothing to a gateway that is not ready, so it does not wait for a call: it tries to put on record that appends failed,
 * and how many.
 */
export class TrailHealth {
  readonly #options: TrailHealthOptions;
  #failed = 0;
  #trail: TrailStore | undefined;
  readonly #trying: Background;

  constructor(options: TrailHealthOptions) {
    this.#options = options;
    this.#trying = new Background({
      pass: () => this.#tryNow(),
      nextMs: () => (this.#failed > 0 ? RETRY_MS : undefined),
      failure: "Cannot find out whether the trail can be written",
      log: options.log,
    });
  }

  /** The trail with every append watched. */
  watched(trail: TrailStore): TrailStore {
    this.#trail = trail;
    return withAppend(trail, (append) => this.#watch(append));
  }

  /** Why nothing can be sent, for people; undefined: records can be written. */
  get problem(): string | undefined {
    return this.#failed === 0
      ? undefined
      : "The trail could not be written when it was last tried, and nothing is sent without it";
  }

  /** Tries no more. */
  stop(): Promise<void> {
    return this.#trying.stop();
  }

  async #watch<Result extends AppendResult | readonly AppendResult[]>(
    append: () => Promise<Result>,
  ): Promise<Result> {
    try {
      const appended = await append();
      if ([appended].flat().some(({ ok }) => ok)) this.#failed = 0;
      return appended;
    } catch (error) {
      if (error instanceof TrailUnavailableError) this.#note();
      throw error;
    }
  }

  #note(): void {
    this.#failed++;
    if (this.#failed === 1) this.#options.log.error("The trail cannot be written: nothing is sent");
    this.#trying.within(RETRY_MS);
  }

  async #tryNow(): Promise<void> {
    const count = this.#failed;
    if (count === 0) return;
    const { policy, clock, log } = this.#options;
    try {
      const refused = [{ door: "trail", code: "trail_unavailable", count }];
      await this.#trail?.append(refusedEntry(refused, { at: clock(), policy: policy() }));
      this.#failed = 0;
      log.info({ failed: count }, "The trail can be written again");
    } catch {
      // That it cannot is said already.
    }
  }
}
