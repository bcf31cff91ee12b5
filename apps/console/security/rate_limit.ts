/** So many names are remembered; of more, the oldest are forgotten. */
const MAX_NAMES = 10_000;

/** How much is let through. */
export interface RateLimitOptions {
  /** At once. */
  readonly burst: number;
  /** And then one each so many milliseconds. */
  readonly everyMs: number;
}

/** Lets through so many attempts of each name, whoever else tries. */
export class RateLimit {
  readonly #options: RateLimitOptions;
  /** By name, the time (epoch ms) up to which what it did is paid for. */
  readonly #paid = new Map<string, number>();

  constructor(options: RateLimitOptions) {
    this.#options = options;
  }

  /** Counts an attempt at `now` (epoch ms); false: it is one too many. */
  take(name: string, now: number): boolean {
    const { burst, everyMs } = this.#options;
    const paid = Math.max(this.#paid.get(name) ?? Number.NEGATIVE_INFINITY, now - burst * everyMs) + everyMs;
    if (paid > now) return false;
    this.#paid.delete(name);
    this.#paid.set(name, paid);
    const [oldest] = this.#paid.keys();
    if (this.#paid.size > MAX_NAMES && oldest !== undefined) this.#paid.delete(oldest);
    return true;
  }
}
