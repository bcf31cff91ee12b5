import { type FSWatcher, watch } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { SeenTeams, TeamsSign } from "@countersign/host";
import { Background } from "@countersign/lifecycle";
import type { Logger } from "pino";
import type { ReloadResult } from "../operations/metrics.ts";

/** A folder of policies, and what to do when it has changed. */
export interface TeamsWatchOptions {
  readonly seen: SeenTeams;
  /** `PolicySet.hash` of what was read from it last. */
  readonly hash: string;
  readonly reload: () => Promise<ReloadResult>;
  readonly log: Logger;
  /** How often the folder is looked through without a sign of change, in milliseconds. @default 60_000 */
  readonly pollMs?: number;
}

/** Quiet for so long: whoever writes files has written them all. */
const QUIET_MS = 200;

/** Somebody who never stops writing is not waited for longer. */
const RESTLESS_MS = 10_000;

/** While the folder cannot be watched it is looked for more often: it may be gone for a moment only. */
const LOST_MS = 1_000;

/**
 * Reloads when names or bytes of the policies in a folder change, however that comes about: files written in place or
 * replaced, links or the folder itself swapped, and, by looking now and then, what the system does not tell. What was
 * refused is read again when it changes; what failed is read again soon.
 */
export class TeamsWatch {
  readonly #options: TeamsWatchOptions;
  readonly #background: Background;
  /** Hash of what was read last; undefined: it must be read again. */
  #seen: string | undefined;
  #watcher: FSWatcher | undefined;
  /** When there was a sign of change last, as `performance.now()` tells. */
  #signAt = Number.NEGATIVE_INFINITY;

  constructor(options: TeamsWatchOptions) {
    this.#options = options;
    this.#seen = options.hash;
    const { pollMs = 60_000, log } = options;
    this.#background = new Background({
      pass: (signal) => this.#look(signal),
      nextMs: () => (this.#watcher === undefined ? LOST_MS : pollMs),
      failure: "Cannot look through the folder of policies",
      log,
    });
  }

  /** Looks through the folder, and goes on. */
  start(): void {
    this.#background.within(0);
  }

  /** Ends the watch; resolves when a reload that it began is over. */
  async stop(): Promise<void> {
    await this.#background.stop();
    this.#watcher?.close();
  }

  async #look(signal: AbortSignal): Promise<void> {
    await this.#quiet(signal);
    if (signal.aborted) return;
    // Signs count from before the look: a file may be written while others are read.
    this.#watchAnew();
    const { seen, reload } = this.#options;
    const { hash: found } = await seen.look();
    if (found === this.#seen || signal.aborted) return;
    this.#seen = (await reload()) === "failed" ? undefined : found;
  }

  /** Whatever is at the path now: the folder that was watched may have been moved away. */
  #watchAnew(): void {
    const before = this.#watcher;
    this.#watcher = undefined;
    try {
      const watcher = watch(this.#options.seen.dir, { persistent: false }, (event, name) =>
        this.#noteSign({ event, name }),
      );
      watcher.on("error", () => this.#noteSign({ event: "rename", name: null }));
      this.#watcher = watcher;
    } catch (error) {
      this.#options.log.debug({ err: error }, "Cannot watch the folder of policies");
    }
    // Only now: no sign is to get lost in between.
    before?.close();
  }

  #noteSign(sign: TeamsSign): void {
    this.#options.seen.note(sign);
    this.#signAt = performance.now();
    this.#background.within(QUIET_MS);
  }

  async #quiet(signal: AbortSignal): Promise<void> {
    const latest = performance.now() + RESTLESS_MS;
    for (;;) {
      const now = performance.now();
      const left = this.#signAt + QUIET_MS - now;
      if (left <= 0 || now >= latest || signal.aborted) return;
      await sleep(left, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}
