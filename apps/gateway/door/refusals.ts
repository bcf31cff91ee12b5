import type { AssistantRef } from "@countersign/core/policy";
import { Background } from "@countersign/lifecycle";
import { type RefusedData, refusedEntry, type TrailStore } from "@countersign/trail";
import type { Logger } from "pino";
import type { Metrics } from "../operations/metrics.ts";

/** Refused callers are recorded one by one at first, then counted together this often: nobody fills the trail. */
const RECORD_MS = 60_000;

/** What refusals are recorded with. */
export interface RefusalsOptions {
  readonly trail: TrailStore;
  /** Hash of the policies in force. */
  readonly policy: () => string;
  readonly clock: () => number;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** Counts callers without a valid key, and requests that were too many, and puts the counts on record. */
export class Refusals {
  readonly #options: RefusalsOptions;
  readonly #counts = new Map<string, number>();
  #recordedAt = Number.NEGATIVE_INFINITY;
  readonly #background: Background;

  constructor(options: RefusalsOptions) {
    this.#options = options;
    this.#background = new Background({
      pass: () => this.#record(),
      nextMs: () => (this.#counts.size > 0 ? RECORD_MS : undefined),
      failure: "Cannot record refused callers",
      log: options.log,
    });
  }

  /** Counts one refused request, of an assistant if it is known. */
  add(door: string, code: string, caller?: AssistantRef): void {
    this.#options.metrics.refusedCaller(door, code);
    const key = `${door} ${code}${caller === undefined ? "" : ` ${caller.team}/${caller.assistant}`}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    const wait = this.#recordedAt + RECORD_MS - this.#options.clock();
    if (wait <= 0) void this.#background.run();
    else this.#background.within(wait);
  }

  /** Puts on record what was counted since the last time, and no more after that. */
  async stop(): Promise<void> {
    await this.#background.runAnew();
    await this.#background.stop();
  }

  async #record(): Promise<void> {
    const counts = [...this.#counts];
    if (counts.length === 0) return;
    this.#counts.clear();
    const { trail, policy, clock, log } = this.#options;
    this.#recordedAt = clock();
    const refused: RefusedData["refused"] = counts.map(([key, count]) => {
      const [door = "", code = "", assistant] = key.split(" ");
      return { door, code, count, ...(assistant !== undefined && { assistant }) };
    });
    log.warn({ refused }, "Refused requests before they were judged");
    await trail.append(refusedEntry(refused, { at: clock(), policy: policy() }));
  }
}
