import type { Logger } from "pino";

/** Work that is done in the background, a pass at a time. */
export interface BackgroundOptions {
  /** One pass. When the signal is aborted the gateway ends: the pass does so soon, too. */
  readonly pass: (signal: AbortSignal) => Promise<void>;
  /** Asked after each pass how long until the next, in milliseconds; undefined: until somebody wants one. */
  readonly nextMs?: () => number | undefined;
  /** What is logged when a pass fails. */
  readonly failure: string;
  readonly log: Pick<Logger, "error">;
  /** Milliseconds of a clock that nobody sets. @default `performance.now` */
  readonly now?: () => number;
}

/** What `setTimeout` can wait at most: with more it does not wait at all. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Passes in the background: never two at once, and as soon as the most urgent wish wants. A pass that fails is logged, and
 * others follow. Nothing in here keeps the process alive.
 */
export class Background {
  readonly #options: BackgroundOptions;
  readonly #end = new AbortController();
  #pass: Promise<void> | undefined;
  /** When the next pass begins. */
  #due = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: BackgroundOptions) {
    this.#options = options;
  }

  /** Wants a pass that begins within so long, or else after the one under way. One that is due sooner stays. */
  within(ms: number): void {
    const due = this.#now() + ms;
    if (this.#end.signal.aborted || this.#due <= due) return;
    this.#due = due;
    if (this.#pass === undefined) this.#wait();
  }

  /** Begins a pass, unless one is under way. Resolves when it is over, be it that it failed. */
  run(): Promise<void> {
    if (this.#end.signal.aborted) return this.#pass ?? Promise.resolve();
    clearTimeout(this.#timer);
    this.#pass ??= this.#once().finally(() => {
      this.#pass = undefined;
      const next = this.#options.nextMs?.();
      if (next !== undefined) this.within(next);
      if (this.#due < Number.POSITIVE_INFINITY) this.#wait();
    });
    return this.#pass;
  }

  /** Begins a pass from now on: what is under way may not have seen what just changed. Resolves when it is over. */
  async runAnew(): Promise<void> {
    await this.#pass;
    await this.run();
  }

  /** Begins no other pass; resolves when the one under way is over. */
  async stop(): Promise<void> {
    this.#end.abort();
    clearTimeout(this.#timer);
    await this.#pass;
  }

  async #once(): Promise<void> {
    this.#due = Number.POSITIVE_INFINITY;
    const { pass, log, failure } = this.#options;
    try {
      await pass(this.#end.signal);
    } catch (error) {
      log.error({ err: error }, failure);
    }
  }

  #wait(): void {
    clearTimeout(this.#timer);
    if (this.#end.signal.aborted) return;
    const ms = Math.min(Math.max(0, this.#due - this.#now()), LONGEST_MS);
    this.#timer = setTimeout(() => void this.run(), ms);
    this.#timer.unref();
  }

  #now(): number {
    return this.#options.now?.() ?? performance.now();
  }
}
