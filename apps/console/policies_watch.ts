import { type FSWatcher, watch } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import {
  lostOrganisation,
  type PolicySet,
  type StandingFile,
  standingFiles,
  withoutRemoved,
} from "@countersign/core/policy";
import { loadSettledTeams, SeenTeams } from "@countersign/host";
import type { Logger } from "pino";

/** How often the folder is looked through without a sign of change, in milliseconds: not every system tells of changes. */
const POLL_MS = 15_000;

/** While the folder cannot be watched it is looked for more often: it may be gone for a moment only. */
const LOST_MS = 1_000;

/** After a sign of change, whoever writes files has so long to write them all. */
const QUIET_MS = 200;

/** What a watch works with. */
export interface PoliciesWatchOptions {
  /** The policies to begin with. */
  readonly policies: PolicySet;
  /** The folder that they are from; absent: they stay. */
  readonly teamsDir?: string;
  readonly log: Logger;
}

/**
 * The policies in force, which follow the folder that the gateway reads too: all of it, or nothing of it while there is a
 * problem, but for what was removed: whoever left decides no longer, whatever else is wrong.
 */
export class PoliciesWatch {
  readonly #options: PoliciesWatchOptions;
  readonly #ending = new AbortController();
  /** What was last read without problems. */
  #loaded: PolicySet;
  /** The same, without what was removed from the files since. */
  #inForce: PolicySet;
  #watcher: FSWatcher | undefined;
  /** Aborted when there was a sign of change. */
  #sign = new AbortController();
  #watching: Promise<void> = Promise.resolve();

  constructor(options: PoliciesWatchOptions) {
    this.#options = options;
    this.#loaded = options.policies;
    this.#inForce = options.policies;
  }

  /** The policies in force at this moment. */
  get inForce(): PolicySet {
    return this.#inForce;
  }

  start(): void {
    const { teamsDir } = this.#options;
    if (teamsDir !== undefined) this.#watching = this.#watch(teamsDir);
  }

  /** Resolves when nothing is read any more. */
  async stop(): Promise<void> {
    this.#ending.abort();
    this.#watcher?.close();
    await this.#watching;
  }

  async #watch(dir: string): Promise<void> {
    const seen = new SeenTeams(dir);
    const { signal } = this.#ending;
    let known = this.#options.policies.hash;
    while (!signal.aborted) {
      // Signs count from before the look: a file may be written while others are read.
      this.#watchAnew(dir);
      try {
        const { hash } = await seen.look();
        if (hash !== known) {
          await this.#load(dir, seen);
          known = hash;
        }
      } catch (error) {
        if (!signal.aborted) this.#options.log.error({ err: error }, "Cannot look through the policies");
      }
      await this.#untilSign();
    }
  }

  async #load(dir: string, seen: SeenTeams): Promise<void> {
    const { signal } = this.#ending;
    const loaded = await loadSettledTeams(dir, { known: this.#loaded, seen, signal });
    const { log } = this.#options;
    if (!loaded.ok) {
      this.#remove(loaded.standing);
      log.error({ problems: loaded.problems.length }, "The policies have problems; those in force stay");
    } else if (lostOrganisation(this.#loaded, loaded.policies) !== undefined) {
      this.#remove(standingFiles(loaded.policies));
      log.error("The organisation's file is gone, and every team relies on it; the policies in force stay");
    } else {
      this.#loaded = loaded.policies;
      this.#inForce = loaded.policies;
      log.info({ policy: loaded.policies.hash }, "New policies are in force");
    }
  }

  /** Takes out of force what the files no longer have: people who left, and teams. */
  #remove(standing: readonly StandingFile[] | undefined): void {
    if (standing === undefined) return;
    const { policies, removed } = withoutRemoved(this.#loaded, standing);
    this.#inForce = policies;
    const { teams, people } = removed;
    if (teams.length + people > 0)
      this.#options.log.warn({ teams, people }, "What was removed from its file is in force no longer");
  }

  /** Whatever is at the path now: the folder that was watched may have been moved away. */
  #watchAnew(dir: string): void {
    this.#watcher?.close();
    this.#watcher = undefined;
    this.#sign = new AbortController();
    try {
      const watcher = watch(dir, { persistent: false }, () => this.#sign.abort());
      watcher.on("error", () => this.#sign.abort());
      this.#watcher = watcher;
    } catch {
      // It is looked for again soon.
    }
  }

  async #untilSign(): Promise<void> {
    const { signal } = this.#ending;
    const sign = this.#sign.signal;
    const ms = this.#watcher === undefined ? LOST_MS : POLL_MS;
    await sleep(ms, undefined, { signal: AbortSignal.any([signal, sign]), ref: false }).catch(
      () => undefined,
    );
    if (sign.aborted) await sleep(QUIET_MS, undefined, { signal, ref: false }).catch(() => undefined);
  }
}
