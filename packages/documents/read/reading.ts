import { Look } from "@countersign/core/content";

/** Characters that are kept of one attachment: more is not read. */
const MAX_CHARACTERS = 30_000_000;
const MAX_DEPTH = 4;

/** Reading of one attachment under way: what it says so far, and how much more may be read. */
export class Reading {
  readonly texts: string[] = [];
  readonly look: Look = new Look();
  readonly #deadline: number;
  #charactersLeft = MAX_CHARACTERS;
  #depth = 0;
  #complete = true;

  /** @param deadline of `performance.now()` */
  constructor(deadline: number) {
    this.#deadline = deadline;
  }

  /** Whether everything that was come across could be read. */
  get complete(): boolean {
    return this.#complete;
  }

  /** Whether there is time left; when there is not, the reading is not complete. */
  get hasTime(): boolean {
    const has = performance.now() <= this.#deadline;
    if (!has) this.#complete = false;
    return has;
  }

  add(text: string): void {
    if (text.trim() === "") return;
    if (text.length > this.#charactersLeft) this.#complete = false;
    this.texts.push(text.slice(0, this.#charactersLeft));
    this.#charactersLeft -= Math.min(text.length, this.#charactersLeft);
  }

  /** Something cannot be read. */
  miss(): void {
    this.#complete = false;
  }

  /** Reads one level deeper, if that is not too deep and there is time. */
  async into(read: () => Promise<void>): Promise<void> {
    if (this.#depth >= MAX_DEPTH || !this.hasTime) {
      this.miss();
      return;
    }
    this.#depth++;
    await read();
    this.#depth--;
  }
}
