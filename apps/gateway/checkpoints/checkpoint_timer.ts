import { Background } from "@countersign/lifecycle";
import {
  type Checkpointer,
  type CheckpointRun,
  notExtendedEntry,
  parseCheckpoint,
  type TrailStore,
} from "@countersign/trail";
import type { Logger } from "pino";
import type { Metrics } from "../operations/metrics.ts";

/** What checkpoints are made and watched with. */
export interface CheckpointTimerOptions {
  readonly checkpointer: Checkpointer;
  readonly trail: TrailStore;
  /** How often the trail is signed when it has grown, in milliseconds. */
  readonly intervalMs: number;
  /** Hash of the policies in force. */
  readonly policy: () => string;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** Another gateway that signed less than this part of an interval ago has done it for all. */
const QUIET = 0.9;

/** Has the trail signed again and again, and at the end. Whatever goes wrong stops no email: it shows, and is tried again. */
export class CheckpointTimer {
  readonly #options: CheckpointTimerOptions;
  readonly #background: Background;
  #alarm: string | undefined;
  #problems: readonly string[] = [];

  constructor(options: CheckpointTimerOptions) {
    this.#options = options;
    const { intervalMs, log } = options;
    this.#background = new Background({
      pass: () => this.#run({ quietMs: intervalMs * QUIET }),
      nextMs: () => intervalMs,
      failure: "Cannot sign the trail",
      log,
    });
  }

  /** Why the trail is not signed any more: it does not extend what was signed. Undefined: it does. */
  get alarm(): string | undefined {
    return this.#alarm;
  }

  /** What could not be done at the latest run. */
  get problems(): readonly string[] {
    return this.#problems;
  }

  /** Looks at once whether the trail is the one that was signed, and signs from now on. Never rejects. */
  async start(): Promise<void> {
    try {
      const why = await this.#options.checkpointer.check();
      if (why !== undefined) await this.#note({ result: "refused", why, failures: [] });
    } catch (error) {
      this.#fail(error);
    }
    this.#background.within(this.#options.intervalMs);
  }

  /** Signs what is not signed, and resolves when nothing is under way. Witnesses are left to the next start. */
  async stop(): Promise<void> {
    await this.#background.stop();
    await this.#run({ withoutWitnesses: true });
  }

  async #run(options: Parameters<Checkpointer["run"]>[0]): Promise<void> {
    try {
      await this.#note(await this.#options.checkpointer.run(options));
    } catch (error) {
      this.#fail(error);
    }
  }

  async #note(run: CheckpointRun): Promise<void> {
    const { metrics, clock, log } = this.#options;
    const failures = run.failures.map(({ kind }) => kind);
    const report = { result: run.result, failures, at: clock() };
    if (run.result === "refused") {
      metrics.checkpoint(report);
      await this.#raise(run.why);
      return;
    }
    if (this.#alarm !== undefined) log.warn("The trail extends again what was signed");
    this.#alarm = undefined;
    const size = run.latest && parseCheckpoint(run.latest.note).size;
    metrics.checkpoint({ ...report, ...(size !== undefined && { size }) });
    if (run.result === "signed") log.info({ size, seq: run.latest?.seq }, "The trail was signed");
    for (const { to, message } of run.failures) log.warn({ to, why: message }, "Cannot deliver a checkpoint");
    this.#problems = run.failures.map(
      ({ to, message }) => `Cannot deliver a checkpoint to ${to}: ${message}`,
    );
  }

  #fail(error: unknown): void {
    const { log, metrics, clock } = this.#options;
    metrics.checkpoint({ result: "failed", failures: [], at: clock() });
    log.error({ err: error }, "Cannot sign the trail");
    this.#problems = [
      `The trail cannot be signed: ${error instanceof Error ? error.message : String(error)}`,
    ];
  }

  /** Said and recorded once, until it is over. */
  async #raise(why: string): Promise<void> {
    const { trail, policy, clock, log } = this.#options;
    if (this.#alarm === why) return;
    const isNew = this.#alarm === undefined;
    this.#alarm = why;
    log.error({ why }, "The trail is not the one that was signed: it is not signed any more");
    if (!isNew) return;
    try {
      await trail.append(notExtendedEntry(why, { at: clock(), policy: policy() }));
    } catch (error) {
      log.error({ err: error }, "Cannot record that the trail is not signed any more");
    }
  }
}
