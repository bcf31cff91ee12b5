import { MultiMailError, type MultiMailErrorCode } from "@countersign/multimail";
import type { Logger } from "pino";
import { CallSlots, type CallSlotsOptions } from "./call_slots.ts";
import { type CallResult, CircuitBreaker, type CircuitBreakerOptions } from "./circuit_breaker.ts";

/** What calls with one key are bounded by. */
export interface CallLimits extends CallSlotsOptions, CircuitBreakerOptions {
  /** The longest that MultiMail is left alone because it asks for it, in milliseconds. */
  readonly maxPauseMs: number;
}

/** What a guard needs to know. */
export interface CallGuardOptions {
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly log: Logger;
  /** Names the key in the log; never the key. */
  readonly name: string;
  readonly limits?: Partial<CallLimits>;
}

const LIMITS: CallLimits = {
  // As many as the client has connections.
  running: 64,
  waiting: 1_000,
  maxWaitMs: 5_000,
  failures: 5,
  openMs: 2_000,
  maxOpenMs: 30_000,
  maxPauseMs: 15 * 60_000,
};

/** For how long MultiMail is left alone when it wants that and does not say how long. */
const DEFAULT_PAUSE_MS = 1_000;

/** What says that MultiMail is in trouble, and not that this request is wrong. */
const FAILURES: ReadonlySet<MultiMailErrorCode> = new Set(["unavailable", "unknown_outcome"]);

/** What concerns every request with the key. A warm-up is one mailbox's, and a quota stops only what sends. */
const PAUSES: ReadonlySet<MultiMailErrorCode> = new Set(["rate", "unavailable"]);

/** Keeps calls with one key off MultiMail while it is overloaded, in trouble, or has asked to be left alone. */
export class CallGuard {
  readonly #options: CallGuardOptions;
  readonly #limits: CallLimits;
  readonly #slots: CallSlots;
  readonly #circuit: CircuitBreaker;
  #pause: { readonly until: number; readonly code: MultiMailErrorCode } = { until: 0, code: "rate" };

  constructor(options: CallGuardOptions) {
    this.#options = options;
    this.#limits = { ...LIMITS, ...options.limits };
    this.#slots = new CallSlots(this.#limits);
    this.#circuit = new CircuitBreaker(this.#limits);
  }

  /**
   * Makes the call, once, as soon as that is all right.
   *
   * @throws {MultiMailError} `not_accepted`, with the time to wait, when it was not made at all
   */
  async run<T>(call: () => Promise<T>): Promise<T> {
    // Also before waiting: whoever cannot be helped need not queue.
    this.#refuse();
    if (!(await this.#slots.take())) {
      throw refusal("unavailable", "too many requests wait for it", this.#limits.maxWaitMs);
    }
    try {
      this.#refuse();
      return await this.#watch(call);
    } finally {
      this.#slots.give();
    }
  }

  #refuse(): void {
    const now = this.#options.clock();
    const pause = this.#pause.until - now;
    if (pause > 0) throw refusal(this.#pause.code, "it wants to be left alone for a while", pause);
    const wait = this.#circuit.waitMs(now);
    if (wait > 0) throw refusal("unavailable", "it has failed several times in a row", wait);
  }

  async #watch<T>(call: () => Promise<T>): Promise<T> {
    const isProbe = this.#circuit.begin();
    let result: CallResult = "not_asked";
    try {
      const answer = await call();
      result = "answered";
      return answer;
    } catch (error) {
      if (error instanceof MultiMailError) {
        result = FAILURES.has(error.code) ? "failed" : error.status === undefined ? "not_asked" : "answered";
        this.#heed(error);
      }
      throw error;
    } finally {
      this.#end(result, isProbe);
    }
  }

  /** Leaves MultiMail alone for as long as it asks, within bounds. */
  #heed({ code, retryAfterMs = code === "rate" ? DEFAULT_PAUSE_MS : 0 }: MultiMailError): void {
    if (!PAUSES.has(code)) return;
    const until = this.#options.clock() + Math.min(retryAfterMs, this.#limits.maxPauseMs);
    if (until > this.#pause.until) this.#pause = { until, code };
  }

  #end(result: CallResult, isProbe: boolean): void {
    const { log, name, clock } = this.#options;
    const wasClosed = this.#circuit.isClosed;
    this.#circuit.end(result, { now: clock(), isProbe });
    if (this.#circuit.isClosed === wasClosed) return;
    if (wasClosed) log.error({ key: name }, "MultiMail fails again and again: it is not asked for a while");
    else log.info({ key: name }, "MultiMail answers again");
  }
}

function refusal(code: MultiMailErrorCode, why: string, retryAfterMs: number): MultiMailError {
  return new MultiMailError(`Cannot ask MultiMail now: ${why}`, {
    code,
    outcome: "not_accepted",
    retryAfterMs,
  });
}
