import { setTimeout as sleep } from "node:timers/promises";
import { eraseOldBodies, type TrailStore } from "@countersign/trail";
import type { Logger } from "pino";

/** What old bodies are erased with. */
export interface BodyRetentionOptions {
  readonly trail: TrailStore;
  /** How old a body may become, in milliseconds; undefined: as old as it likes. */
  readonly keepMs: number | undefined;
  /** Hash of the policies in force. */
  readonly policy: () => string;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly log: Logger;
  /** The rest between two steps, in milliseconds; default 100: emails go first. */
  readonly pauseMs?: number;
}

const DAY_MS = 24 * 60 * 60_000;

/** Erases the bodies that are older than they may be, at the start and once a day. Whatever goes wrong stops no email. */
export class BodyRetention {
  readonly #options: BodyRetentionOptions;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: BodyRetentionOptions) {
    this.#options = options;
  }

  /** Begins; returns at once. */
  start(): void {
    if (this.#options.keepMs === undefined || this.#stopped) return;
    this.#running = this.#run(this.#options.keepMs).then(() => {
      if (this.#stopped) return;
      this.#timer = setTimeout(() => this.start(), DAY_MS);
      this.#timer.unref();
    });
  }

  /** Ends after the step that is under way; the next start goes on from there. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  async #run(keepMs: number): Promise<void> {
    const { trail, policy, clock, log, pauseMs = 100 } = this.#options;
    const now = clock();
    let below: number | undefined;
    try {
      for await (const step of eraseOldBodies(trail, { before: now - keepMs, now, policy: policy() })) {
        below = step.below;
        if (this.#stopped) break;
        await sleep(pauseMs);
      }
      if (below === undefined) return;
      await trail.scrub();
      log.info({ below }, "Erased the bodies of old emails");
    } catch (error) {
      log.error({ err: error, below }, "Cannot erase all bodies of old emails: it is tried again in a day");
    }
  }
}
