/** A map that forgets: an entry lives for the same time, counted from when it was set. */
export class ExpiringMap<K, V> {
  readonly #ttl: number;
  readonly #now: () => number;
  /** In the order of expiry, since every entry lives equally long. */
  readonly #entries = new Map<K, { readonly value: V; readonly expiresAt: number }>();

  /** `ttl` in milliseconds. */
  constructor(ttl: number, now: () => number) {
    this.#ttl = ttl;
    this.#now = now;
  }

  /** The entry's value, unless it has expired. */
  get(key: K): V | undefined {
    const entry = this.#entries.get(key);
    return entry !== undefined && entry.expiresAt > this.#now() ? entry.value : undefined;
  }

  /** Sets an entry, and drops those that have expired. */
  set(key: K, value: V): void {
    const now = this.#now();
    for (const [old, entry] of this.#entries) {
      if (entry.expiresAt > now) break;
      this.#entries.delete(old);
    }
    this.#entries.delete(key);
    this.#entries.set(key, { value, expiresAt: now + this.#ttl });
  }
}
