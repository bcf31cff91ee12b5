interface Item {
  readonly due: number;
  readonly task: () => void;
}

/** The longest delay that `setTimeout` keeps, in milliseconds. */
const MAX_DELAY = 2 ** 31 - 1;

/**
 * What the sandbox does later: end a scan, send what is scheduled. Everything is due by the sandbox's own clock, so
 * a test that moves the clock forward sees it done at its next request.
 */
export class Agenda {
  readonly #now: () => number;
  /** Latest first, so that what is due next is taken from the end. */
  readonly #items: Item[] = [];
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Runs `task` once, when the clock reads `due` (epoch milliseconds) or later; equal times keep their order. */
  at(due: number, task: () => void): void {
    let low = 0;
    let high = this.#items.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#items[middle]?.due ?? 0) > due) low = middle + 1;
      else high = middle;
    }
    this.#items.splice(low, 0, { due, task });
    if (low === this.#items.length - 1) this.#arm();
  }

  /** Does everything that is due by now. */
  run(): void {
    const now = this.#now();
    let ran = false;
    for (let next = this.#items.at(-1); next !== undefined && next.due <= now; next = this.#items.at(-1)) {
      this.#items.pop();
      next.task();
      ran = true;
    }
    if (ran) this.#arm();
  }

  /** Forgets everything. */
  close(): void {
    this.#closed = true;
    this.#items.length = 0;
    clearTimeout(this.#timer);
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const next = this.#items.at(-1);
    if (next === undefined || this.#closed) return;
    const delay = Math.min(Math.max(next.due - this.#now(), 1), MAX_DELAY);
    this.#timer = setTimeout(() => {
      this.run();
      this.#arm();
    }, delay);
    this.#timer.unref();
  }
}
