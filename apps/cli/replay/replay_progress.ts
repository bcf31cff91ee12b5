/** How often the line is written, in milliseconds. */
const EVERY_MS = 100;

/** A line on a terminal that tells how far a replay is, and how fast. */
export class ReplayProgress {
  readonly #terminal: NodeJS.WritableStream;
  readonly #total: number;
  readonly #start = performance.now();
  #shownAt = Number.NEGATIVE_INFINITY;

  constructor(terminal: NodeJS.WritableStream, total: number) {
    this.#terminal = terminal;
    this.#total = total;
  }

  show(done: number): void {
    const now = performance.now();
    if (now - this.#shownAt < EVERY_MS) return;
    this.#shownAt = now;
    this.#terminal.write(`\r\x1b[KJudged ${done} of ${this.#total} requests${this.#speed(done)}`);
  }

  /** Leaves how long it took. */
  end(done: number): void {
    const seconds = ((performance.now() - this.#start) / 1000).toFixed(1);
    this.#terminal.write(`\r\x1b[KJudged ${done} requests in ${seconds} s${this.#speed(done)}\n`);
  }

  #speed(done: number): string {
    const seconds = (performance.now() - this.#start) / 1000;
    return `, ${Math.round(done / seconds)} requests/s`;
  }
}
