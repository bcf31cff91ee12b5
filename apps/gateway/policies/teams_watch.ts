import { type FSWatcher, watch } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { hashTeams } from "@countersign/host";
import type { Logger } from "pino";
import type { ReloadResult } from "../operations/metrics.ts";

/** A folder of policies, and what to do when it has changed. */
export interface TeamsWatchOptions {
  readonly dir: string;
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
  readonly #ended: Promise<void>;
  /** Hash of what was read last; undefined: it must be read again. */
  #seen: string | undefined;
  #watcher: FSWatcher | undefined;
  /** Aborted at a sign of change, and at the end. */
  #sign = new AbortController();
  #closed = false;

  constructor(options: TeamsWatchOptions) {
    this.#options = options;
    this.#seen = options.hash;
    this.#ended = this.#run();
  }

  /** Ends the watch; resolves when a reload that it began is over. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#sign.abort();
    await this.#ended;
    this.#watcher?.close();
  }

  async #run(): Promise<void> {
    while (!this.#closed) {
      // Signs count from before the look: a file may be written while others are read.
      this.#sign = new AbortController();
      this.#watchAnew();
      await this.#look();
      const { pollMs = 60_000 } = this.#options;
      if (await this.#signWithin(this.#watcher === undefined ? LOST_MS : pollMs)) await this.#quiet();
    }
  }

  /** Whatever is at the path now: the folder that was watched may have been moved away. */
  #watchAnew(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
    try {
      const watcher = watch(this.#options.dir, { persistent: false }, () => this.#sign.abort());
      watcher.on("error", () => this.#sign.abort());
      this.#watcher = watcher;
    } catch (error) {
      this.#options.log.debug({ err: error }, "Cannot watch the folder of policies");
    }
  }

  async #look(): Promise<void> {
    const { dir, reload, log } = this.#options;
    try {
      const found = await hashTeams(dir);
      if (found === this.#seen || this.#closed) return;
      this.#seen = (await reload()) === "failed" ? undefined : found;
    } catch (error) {
      log.error({ err: error }, "Cannot look through the folder of policies");
    }
  }

  async #quiet(): Promise<void> {
    const latest = Date.now() + RESTLESS_MS;
    do this.#sign = new AbortController();
    while (!this.#closed && Date.now() < latest && (await this.#signWithin(QUIET_MS)));
  }

  async #signWithin(ms: number): Promise<boolean> {
    const { signal } = this.#sign;
    await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
    return signal.aborted;
  }
}
