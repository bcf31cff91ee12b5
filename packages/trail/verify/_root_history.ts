import { Frontier } from "../tree/mod.ts";

/** How many leaves are remembered, and how many of them may have to be hashed again for one root. */
const WINDOW = 65_536;
const SPAN = 256;

/** Remembers enough of a growing tree to tell its root at sizes that it lately had: a checkpoint is appended a little later. */
export class RootHistory {
  readonly #frontier: Frontier;
  /** A ring of leaves. */
  readonly #leaves = Buffer.alloc(WINDOW * 32);
  /** What the frontier was when each stretch of leaves began, by `size / SPAN`. */
  readonly #starts = new Map<number, Frontier>();

  /** Follows this frontier, which only `append` makes grow from now on. */
  constructor(frontier: Frontier) {
    this.#frontier = frontier;
    this.#keepStart();
  }

  /** Adds a leaf to the frontier; `onSubtree` as there. */
  append(leaf: Uint8Array, onSubtree?: Parameters<Frontier["append"]>[1]): void {
    this.#leaves.set(leaf, (this.#frontier.size % WINDOW) * 32);
    this.#frontier.append(leaf, onSubtree);
    if (this.#frontier.size % SPAN === 0) this.#keepStart();
  }

  /** Root of the tree when it had this size; undefined: that is too long ago, or to come. */
  rootAt(size: number): Uint8Array | undefined {
    const start = this.#starts.get(Math.floor(size / SPAN));
    if (size > this.#frontier.size || start === undefined || size < start.size) return undefined;
    const tree = new Frontier(start.size, start.hashes);
    for (let index = start.size; index < size; index++) {
      const place = (index % WINDOW) * 32;
      tree.append(this.#leaves.subarray(place, place + 32));
    }
    return tree.root();
  }

  #keepStart(): void {
    const { size, hashes } = this.#frontier;
    const block = Math.floor(size / SPAN);
    this.#starts.set(block, new Frontier(size, hashes));
    // The oldest leaves of this block are about to be overwritten.
    this.#starts.delete(block - WINDOW / SPAN);
  }
}
