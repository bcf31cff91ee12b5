import type { StoredRecord } from "@countersign/trail";
import type { World } from "../enforce/world.ts";
import { settleIntent } from "./settle_intent.ts";

/** How often the open intents are looked through, whoever left them open. */
const PASS_MS = 30_000;

/** Waiting times between attempts at one intent: doubled from the first to the last. */
const FIRST_DELAY_MS = 1_000;
const LAST_DELAY_MS = 60_000;

/** How many intents are asked about together. */
const PARALLEL = 4;

/** Sees to it that every intent ends: at the start, on a timer, and as soon as one is left open. */
export class Reconciler {
  readonly #world: World;
  /** Attempts so far and the earliest time of the next, by receipt. */
  readonly #waiting = new Map<string, { attempts: number; notBefore: number }>();
  #pass: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(world: World) {
    this.#world = world;
  }

  /** Looks through the open intents now, and from then on again and again. Resolves when the first pass is over. */
  start(): Promise<void> {
    return this.#run();
  }

  /** Notes that an intent was left open, so that it is asked about soon. */
  notice(receipt: string): void {
    this.#waiting.set(receipt, { attempts: 0, notBefore: this.#world.clock() + FIRST_DELAY_MS });
    this.#schedule(FIRST_DELAY_MS);
  }

  /** Ends the pass that runs, and begins no other. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#pass;
  }

  #run(): Promise<void> {
    this.#pass ??= this.#settleAll()
      .catch((error: unknown) =>
        this.#world.log.error({ err: error }, "Cannot look through the open intents"),
      )
      .finally(() => {
        this.#pass = undefined;
        this.#schedule(this.#nextDelay());
      });
    return this.#pass;
  }

  async #settleAll(): Promise<void> {
    const intents = await this.#world.trail.openIntents();
    const receipts = new Set(intents.map(({ record }) => record.receipt));
    for (const receipt of this.#waiting.keys()) if (!receipts.has(receipt)) this.#waiting.delete(receipt);
    const queue = intents.values();
    const worker = async () => {
      for (const intent of queue) {
        if (this.#stopped) return;
        await this.#settle(intent);
      }
    };
    await Promise.all(Array.from({ length: PARALLEL }, worker));
  }

  async #settle(intent: StoredRecord): Promise<void> {
    const receipt = intent.record.receipt ?? "";
    const { clock, inFlight, log } = this.#world;
    const waiting = this.#waiting.get(receipt) ?? { attempts: 0, notBefore: 0 };
    if (inFlight.has(receipt) || clock() < waiting.notBefore) return;
    const result = await settleIntent(intent, this.#world);
    if (result.settled) {
      this.#waiting.delete(receipt);
      log.info({ receipt }, "Settled an open intent");
      return;
    }
    const backoff = Math.min(FIRST_DELAY_MS * 2 ** waiting.attempts, LAST_DELAY_MS);
    const delay = Math.max(backoff, result.retryAfterMs ?? 0);
    this.#waiting.set(receipt, { attempts: waiting.attempts + 1, notBefore: clock() + delay });
    log.warn({ receipt, why: result.why, attempts: waiting.attempts + 1 }, "An intent stays open");
  }

  #nextDelay(): number {
    const soonest = Math.min(...[...this.#waiting.values()].map(({ notBefore }) => notBefore));
    return Math.max(100, Math.min(PASS_MS, soonest - this.#world.clock()));
  }

  #schedule(delay: number): void {
    if (this.#stopped || this.#pass !== undefined) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#run(), delay);
    this.#timer.unref();
  }
}
