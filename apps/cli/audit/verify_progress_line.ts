import type { VerifyProgress } from "@countersign/trail";

/** How often the line is written, in milliseconds. */
const EVERY_MS = 100;

/** A line on a terminal that tells how far a verification is, and how fast. */
export class VerifyProgressLine {
  readonly #terminal: NodeJS.WritableStream;
  readonly #start = performance.now();
  #shownAt = Number.NEGATIVE_INFINITY;
  #last: VerifyProgress | undefined;

  constructor(terminal: NodeJS.WritableStream) {
    this.#terminal = terminal;
  }

  show(progress: VerifyProgress): void {
    this.#last = progress;
    const now = performance.now();
    if (now - this.#shownAt < EVERY_MS) return;
    this.#shownAt = now;
    this.#terminal.write(
      `\r\x1b[KVerified ${progress.done} of ${progress.total} records${this.#speed(progress)}`,
    );
  }

  /** Leaves how long it took. */
  end(): void {
    if (this.#last === undefined) return;
    const seconds = ((performance.now() - this.#start) / 1000).toFixed(1);
    this.#terminal.write(
      `\r\x1b[KVerified ${this.#last.done} records in ${seconds} s${this.#speed(this.#last)}\n`,
    );
  }

  #speed({ done, bytes }: VerifyProgress): string {
    const seconds = (performance.now() - this.#start) / 1000;
    return `, ${Math.round(done / seconds)} records/s, ${(bytes / seconds / 1e6).toFixed(1)} MB/s`;
  }
}
