import { MultiMailError, type MultiMailErrorCode, type MultiMailFailure } from "@countersign/multimail";
import type { Logger } from "pino";
import { CallSlots, type CallSlotsOptions } from "./call_slots.ts";
import { type CallResult, CircuitBreaker, type CircuitBreakerOptions } from "./circuit_breaker.ts";

/** What calls with one key are bounded by. */
export interface CallLimits extends CallSlotsOptions, CircuitBreakerOptions {
  /** Calls at a time about one mailbox: the others' calls find room beside them. */
  readonly runningOfMailbox: number;
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
  runningOfMailbox: 48,
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

/** What MultiMail wants to be left alone for. A warm-up is one mailbox's, and a quota stops only what sends. */
const PAUSES: ReadonlySet<MultiMailErrorCode> = new Set(["rate", "unavailable"]);

/** Until when MultiMail is left alone, and why. */
interface Pause {
  readonly until: number;
  readonly code: MultiMailErrorCode;
}

const NO_PAUSE: Pause = { until: 0, code: "rate" };

/**
 * Keeps calls with one key off MultiMail while it is overloaded, in trouble, or has asked to be left alone: about one
 * mailbox, so far as that is all that is known, or about any. A limit that two mailboxes meet is taken for the account's.
 */
export class CallGuard {
  readonly #options: CallGuardOptions;
  readonly #limits: CallLimits;
  readonly #slots: CallSlots;
  readonly #circuit: CircuitBreaker;
  /** Of the whole account. */
  #pause: Pause = NO_PAUSE;
  /** Of single mailboxes, by id. */
  readonly #pauses = new Map<string, Pause>();
  readonly #slotsOf = new Map<string, CallSlots>();

  constructor(options: CallGuardOptions) {
    this.#options = options;
    this.#limits = { ...LIMITS, ...options.limits };
    this.#slots = new CallSlots(this.#limits);
    this.#circuit = new CircuitBreaker(this.#limits);
  }

  /**
   * Makes the call, once, as soon as that is all right.
   *
   * @param mailboxId that the call is about; absent: none
   * @throws {MultiMailError} `not_accepted`, with the time to wait, when it was not made at all
   */
  async run<T>(call: () => Promise<T>, mailboxId?: string): Promise<T> {
    // Also before waiting: whoever cannot be helped need not queue.
    this.#refuse(mailboxId);
    return this.#inSlot(this.#mailboxSlots(mailboxId), () =>
      this.#inSlot(this.#slots, () => {
        this.#refuse(mailboxId);
        return this.#watch(call, mailboxId);
      }),
    );
  }

  async #inSlot<T>(slots: CallSlots | undefined, work: () => Promise<T>): Promise<T> {
    if (slots === undefined) return work();
    if (!(slots.takeFree() || (await slots.take()))) {
      throw refusal("too many requests wait for it", {
        code: "unavailable",
        retryAfterMs: this.#limits.maxWaitMs,
      });
    }
    try {
      return await work();
    } finally {
      slots.give();
    }
  }

  #mailboxSlots(mailboxId: string | undefined): CallSlots | undefined {
    if (mailboxId === undefined) return undefined;
    const known = this.#slotsOf.get(mailboxId);
    if (known !== undefined) return known;
    const slots = new CallSlots({ ...this.#limits, running: this.#limits.runningOfMailbox });
    this.#slotsOf.set(mailboxId, slots);
    return slots;
  }

  #refuse(mailboxId: string | undefined): void {
    const now = this.#options.clock();
    const own = this.#pauseOf(mailboxId);
    for (const [{ until, code }, limits] of [
      [this.#pause, "account"],
      [own, "mailbox"],
    ] as const) {
      if (until <= now) continue;
      const rate = code === "rate" ? { limits } : {};
      throw refusal("it wants to be left alone for a while", { code, retryAfterMs: until - now, ...rate });
    }
    const wait = this.#circuit.waitMs(now);
    if (wait > 0)
      throw refusal("it has failed several times in a row", { code: "unavailable", retryAfterMs: wait });
  }

  #pauseOf(mailboxId: string | undefined): Pause {
    return (mailboxId === undefined ? undefined : this.#pauses.get(mailboxId)) ?? NO_PAUSE;
  }

  async #watch<T>(call: () => Promise<T>, mailboxId: string | undefined): Promise<T> {
    const isProbe = this.#circuit.begin();
    let result: CallResult = "not_asked";
    try {
      const answer = await call();
      result = "answered";
      return answer;
    } catch (error) {
      if (error instanceof MultiMailError) {
        result = FAILURES.has(error.code) ? "failed" : error.status === undefined ? "not_asked" : "answered";
        this.#heed(error, mailboxId);
      }
      throw error;
    } finally {
      this.#end(result, isProbe);
    }
  }

  /** Leaves MultiMail alone for as long as it asks, within bounds. */
  #heed(error: MultiMailError, mailboxId: string | undefined): void {
    const { code, limits, retryAfterMs = code === "rate" ? DEFAULT_PAUSE_MS : 0 } = error;
    if (!PAUSES.has(code)) return;
    const now = this.#options.clock();
    const pause: Pause = { until: now + Math.min(retryAfterMs, this.#limits.maxPauseMs), code };
    for (const [id, { until }] of this.#pauses) if (until <= now) this.#pauses.delete(id);
    const isOthers = [...this.#pauses.keys()].some((id) => id !== mailboxId);
    if (code === "rate" && limits !== "account" && mailboxId !== undefined && !isOthers) {
      if (pause.until > this.#pauseOf(mailboxId).until) this.#pauses.set(mailboxId, pause);
    } else if (pause.until > this.#pause.until) this.#pause = pause;
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

function refusal(why: string, failure: Omit<MultiMailFailure, "outcome">): MultiMailError {
  return new MultiMailError(`Cannot ask MultiMail now: ${why}`, { ...failure, outcome: "not_accepted" });
}
