/** When a circuit opens, and for how long. */
export interface CircuitBreakerOptions {
  /** So many failures in a row open it. */
  readonly failures: number;
  /** For how long it first stays open, in milliseconds; each failed probe doubles it. */
  readonly openMs: number;
  readonly maxOpenMs: number;
}

/** What a call told about the other side: it answered, it failed, or it was never asked. */
export type CallResult = "answered" | "failed" | "not_asked";

/**
 * Stops calls to what fails again and again. Closed, every call passes. After some failures in a row it is open and none
 * passes; then one call at a time may try (half-open), and its result closes it or opens it for longer. Times are epoch
 * milliseconds.
 */
export class CircuitBreaker {
  readonly #options: CircuitBreakerOptions;
  #failures = 0;
  #openMs = 0;
  #openUntil = 0;
  #isProbing = false;

  constructor(options: CircuitBreakerOptions) {
    this.#options = options;
  }

  get isClosed(): boolean {
    return this.#openMs === 0;
  }

  /** How long a call has to wait, in milliseconds; 0: it may pass now. */
  waitMs(now: number): number {
    if (this.isClosed) return 0;
    // A probe's end is not known: until then, ask again soon.
    return Math.max(this.#openUntil - now, this.#isProbing ? 1_000 : 0);
  }

  /** Notes that a call passes. Whether it is a probe, which {@linkcode end} wants to know. */
  begin(): boolean {
    if (this.isClosed) return false;
    this.#isProbing = true;
    return true;
  }

  /** Notes what became of a call. */
  end(result: CallResult, { now, isProbe }: { readonly now: number; readonly isProbe: boolean }): void {
    if (isProbe) this.#isProbing = false;
    if (result === "answered") {
      this.#failures = 0;
      this.#openMs = 0;
    } else if (result === "failed" && (this.isClosed || isProbe)) {
      this.#failures++;
      if (this.#failures >= this.#options.failures) this.#open(now);
    }
  }

  #open(now: number): void {
    const { openMs, maxOpenMs } = this.#options;
    this.#openMs = this.isClosed ? openMs : Math.min(this.#openMs * 2, maxOpenMs);
    this.#openUntil = now + this.#openMs;
  }
}
