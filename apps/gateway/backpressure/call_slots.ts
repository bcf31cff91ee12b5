/** How many calls there may be. */
export interface CallSlotsOptions {
  /** At a time. */
  readonly running: number;
  /** For a free slot. */
  readonly waiting: number;
  /** The longest wait for one, in milliseconds. */
  readonly maxWaitMs: number;
}

/** A bounded number of slots with a bounded queue before them: first come, first served. */
export class CallSlots {
  readonly #options: CallSlotsOptions;
  #free: number;
  readonly #queue = new Set<() => void>();

  constructor(options: CallSlotsOptions) {
    this.#options = options;
    this.#free = options.running;
  }

  /** Takes a slot if there is a free one. */
  takeFree(): boolean {
    if (this.#free === 0) return false;
    this.#free--;
    return true;
  }

  /** Takes a slot as soon as there is one. False: the queue is full, or the wait was too long. */
  async take(): Promise<boolean> {
    if (this.takeFree()) return true;
    if (this.#queue.size >= this.#options.waiting) return false;
    return new Promise((resolve) => {
      const leave = (taken: boolean) => {
        clearTimeout(timer);
        this.#queue.delete(enter);
        resolve(taken);
      };
      const enter = () => leave(true);
      const timer = setTimeout(() => leave(false), this.#options.maxWaitMs);
      this.#queue.add(enter);
    });
  }

  /** Gives a taken slot to whoever waits longest. */
  give(): void {
    const [enter] = this.#queue;
    if (enter === undefined) this.#free++;
    else enter();
  }
}
