/** Dust shows the model all of an answer below 20 KiB, and only the start of a longer one. */
export const MAX_ANSWER_BYTES = 20_000;

/** What is kept free for the last words of an answer, which tell how to get the rest. */
const LAST_WORDS_BYTES = 1_000;

/** An answer that never outgrows what the model is shown: each block is in it whole, or not at all. */
export class BoundedText {
  readonly #blocks: string[] = [];
  #bytes = 0;

  /** Bytes that `add` still takes. */
  get free(): number {
    return Math.max(0, MAX_ANSWER_BYTES - LAST_WORDS_BYTES - this.#bytes - 1);
  }

  /** Adds a block on a line of its own if it fits, and tells whether it did. */
  add(block: string): boolean {
    if (Buffer.byteLength(block) > this.free) return false;
    this.#push(block);
    return true;
  }

  /** Adds as many of the blocks as fit, in order, and tells how many did. */
  addAll(blocks: readonly string[]): number {
    const left = blocks.findIndex((block) => !this.add(block));
    return left === -1 ? blocks.length : left;
  }

  /** The whole, with these last words: room was kept for them. */
  end(...lastWords: readonly string[]): string {
    for (const words of lastWords) this.#push(words);
    return this.#blocks.join("\n");
  }

  #push(block: string): void {
    this.#blocks.push(block);
    this.#bytes += Buffer.byteLength(block) + 1;
  }
}
