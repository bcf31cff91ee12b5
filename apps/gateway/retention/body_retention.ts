import { setTimeout as sleep } from "node:timers/promises";
import { Background } from "@countersign/lifecycle";
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

const FAILURE = "Cannot erase all bodies of old emails: it is tried again in a day";

/** Erases the bodies that are older than they may be, at the start and once a day. Whatever goes wrong stops no email. */
export class BodyRetention {
  readonly #options: BodyRetentionOptions;
  readonly #background: Background;

  constructor(options: BodyRetentionOptions) {
    this.#options = options;
    this.#background = new Background({
      pass: (signal) => this.#erase(signal),
      nextMs: () => DAY_MS,
      failure: FAILURE,
      log: options.log,
    });
  }

  /** Begins; returns at once. */
  start(): void {
    if (this.#options.keepMs !== undefined) void this.#background.run();
  }

  /** Ends after the step that is under way; the next start goes on from there. */
  stop(): Promise<void> {
    return this.#background.stop();
  }

  async #erase(signal: AbortSignal): Promise<void> {
    const { trail, keepMs = Number.POSITIVE_INFINITY, policy, clock, log, pauseMs = 100 } = this.#options;
    const now = clock();
    let below: number | undefined;
    try {
      for await (const step of eraseOldBodies(trail, { before: now - keepMs, now, policy: policy() })) {
        below = step.below;
        if (signal.aborted) break;
        await sleep(pauseMs);
      }
      if (below === undefined) return;
      await trail.scrub();
      log.info({ below }, "Erased the bodies of old emails");
    } catch (error) {
      log.error({ err: error, below }, FAILURE);
    }
  }
}
