import { Look } from "@countersign/core/content";

/** Characters that are kept of one attachment: more is not read. */
const MAX_CHARACTERS = 30_000_000;
const MAX_DEPTH = 4;

/** A file to read. */
export interface ReadableFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Its label, with the character set if it names one. */
  readonly contentType?: string;
}

/** Reading of one attachment under way: what it says so far, and how much more may be read. */
export class Reading {
  readonly texts: string[] = [];
  readonly look: Look = new Look();
  readonly #deadline: number;
  readonly #readFile: (file: ReadableFile, reading: Reading) => Promise<void>;
  #charactersLeft = MAX_CHARACTERS;
  #depth = 0;
  #complete = true;

  /**
   * @param deadline of `performance.now()`
   * @param readFile reads a file that another one holds
   */
  constructor(deadline: number, readFile: (file: ReadableFile, reading: Reading) => Promise<void>) {
    this.#deadline = deadline;
    this.#readFile = readFile;
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

  /** Reads a file that this one holds, if that is not too deep and there is time. */
  async into(file: ReadableFile): Promise<void> {
    if (this.#depth >= MAX_DEPTH || !this.hasTime) {
      this.miss();
      return;
    }
    this.#depth++;
    await this.#readFile(file, this);
    this.#depth--;
  }
}
