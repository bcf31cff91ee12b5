import { inParallel } from "@countersign/host";
import { Background } from "@countersign/lifecycle";
import type { StoredRecord } from "@countersign/trail";
import { outcomeEntry } from "@countersign/trail";
import { endClaim } from "../enforce/claims.ts";
import type { World } from "../enforce/world.ts";
import { settleIntent } from "./settle_intent.ts";

/** How often the open intents are looked through, whoever left them open. */
const PASS_MS = 30_000;

/** Waiting times between attempts at one intent: doubled from the first to the last. */
const FIRST_DELAY_MS = 1_000;
const LAST_DELAY_MS = 60_000;

/** How many intents are asked about together. */
const AT_ONCE = 4;

/** Another gateway that serves has answered a request, or given it up, by then. */
const GIVEN_UP_MS = 60_000;

interface Waiting {
  /** So far. */
  readonly attempts: number;
  /** The earliest time of the next; epoch milliseconds. */
  readonly notBefore: number;
  /** When MultiMail was last asked for it and did not answer; epoch milliseconds. */
  readonly askedAt?: number;
}

/**
 * Sees to it that every intent ends: at the start, on a timer, and as soon as one is left open. An intent of another run
 * is taken over first, on record, and asked about a moment later: that run may still live, and must not take a refusal
 * for the last word when it has been taken over.
 */
export class Reconciler {
  readonly #world: World;
  /** The intents that are this run's to settle, by receipt. */
  readonly #waiting = new Map<string, Waiting>();
  readonly #background: Background;
  #hasLooked = false;

  constructor(world: World) {
    this.#world = world;
    this.#background = new Background({
      pass: (signal) => this.#settleAll(signal),
      nextMs: () => this.#nextDelay(),
      failure: "Cannot look through the open intents",
      log: world.log,
    });
  }

  /** Looks through the open intents now, and from then on again and again. Resolves when the first pass is over. */
  start(): Promise<void> {
    return this.#background.run();
  }

  /** Notes that an intent was left open, so that it is asked about soon. */
  notice(receipt: string): void {
    this.#waiting.set(receipt, { attempts: 0, notBefore: this.#world.clock() + FIRST_DELAY_MS });
    this.#background.within(FIRST_DELAY_MS);
  }

  /** Ends the pass that runs, and begins no other. */
  stop(): Promise<void> {
    return this.#background.stop();
  }

  async #settleAll(signal: AbortSignal): Promise<void> {
    const intents = await this.#world.trail.openIntents();
    const receipts = new Set(intents.map(({ record }) => record.receipt));
    for (const receipt of this.#waiting.keys()) if (!receipts.has(receipt)) this.#waiting.delete(receipt);
    // One intent that cannot be looked at must not keep the others from it.
    const look = (intent: StoredRecord<"intent">) =>
      this.#look(intent).catch((error: unknown) =>
        this.#world.log.error(
          { err: error, receipt: intent.record.receipt },
          "Cannot look at an open intent",
        ),
      );
    await inParallel(intents, look, { atOnce: AT_ONCE, isOver: () => signal.aborted });
    this.#hasLooked = true;
  }

  async #look(intent: StoredRecord<"intent">): Promise<void> {
    const receipt = intent.record.receipt ?? "";
    const { clock, inFlight } = this.#world;
    if (inFlight.has(receipt)) return;
    const waiting = this.#waiting.get(receipt);
    if (waiting === undefined) {
      const isOrphan = !this.#hasLooked || clock() - Date.parse(intent.record.at) >= GIVEN_UP_MS;
      if (isOrphan) await this.#takeOver(intent, receipt);
    } else if (clock() >= waiting.notBefore) {
      await this.#settle(intent, receipt, waiting);
    }
  }

  async #takeOver({ record }: StoredRecord<"intent">, receipt: string): Promise<void> {
    const message = "Nobody waits for its answer any more; MultiMail is asked again";
    const { trail, clock } = this.#world;
    const claims = [{ ...endClaim(receipt, "taken_over", clock()), optional: true } as const];
    await trail.append({ ...outcomeEntry(record, clock(), { result: "unknown", message }), claims });
    this.#waiting.set(receipt, { attempts: 0, notBefore: this.#world.clock() + FIRST_DELAY_MS });
  }

  async #settle(intent: StoredRecord<"intent">, receipt: string, waiting: Waiting): Promise<void> {
    const { clock, log } = this.#world;
    const attempts = waiting.attempts + 1;
    const backoff = Math.min(FIRST_DELAY_MS * 2 ** waiting.attempts, LAST_DELAY_MS);
    // Also if it throws, it waits for its turn.
    this.#waiting.set(receipt, { ...waiting, attempts, notBefore: clock() + backoff });
    const result = await settleIntent(intent, this.#world, waiting.askedAt);
    if (result.settled) {
      this.#waiting.delete(receipt);
      log.info({ receipt }, "Settled an open intent");
      return;
    }
    const notBefore = clock() + Math.max(backoff, result.retryAfterMs ?? 0);
    const askedAt = result.askedAt ?? waiting.askedAt;
    this.#waiting.set(receipt, { attempts, notBefore, ...(askedAt !== undefined && { askedAt }) });
    log.warn({ receipt, why: result.why, attempts }, "An intent stays open");
  }

  #nextDelay(): number {
    let soonest = this.#world.clock() + PASS_MS;
    for (const { notBefore } of this.#waiting.values()) soonest = Math.min(soonest, notBefore);
    return Math.max(100, soonest - this.#world.clock());
  }
}
