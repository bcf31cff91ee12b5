import { nodeHash, rootOf } from "./hashes.ts";
import { subtreeLevels } from "./subtree_levels.ts";

/** Called for each subtree that an append completes: 2^level leaves, the `index`-th of its level. */
export type OnSubtree = (level: number, index: number, hash: Uint8Array) => void;

/**
 * All that a growing RFC 6962 tree has to remember: the roots of the complete subtrees side by side, the largest first,
 * one for each 1 in the binary form of the size. Also known as a compact range.
 */
export class Frontier {
  #size: number;
  readonly #hashes: Uint8Array[];

  /** @throws {RangeError} when there is not one hash of 32 bytes for each 1 in the binary form of `size` */
  constructor(size = 0, hashes: readonly Uint8Array[] = []) {
    const wanted = subtreeLevels(size).length;
    if (hashes.length !== wanted || hashes.some(({ length }) => length !== 32)) {
      throw new RangeError(`Cannot make a frontier of size ${size}: it has ${wanted} hashes of 32 bytes`);
    }
    this.#size = size;
    this.#hashes = [...hashes];
  }

  /** How many leaves there are. */
  get size(): number {
    return this.#size;
  }

  /** The roots of the complete subtrees, the largest first. */
  get hashes(): readonly Uint8Array[] {
    return this.#hashes;
  }

  /** Adds a leaf by its hash. */
  append(leaf: Uint8Array, onSubtree?: OnSubtree): void {
    let hash = leaf;
    let index = this.#size++;
    for (let level = 1; index % 2 === 1; level++) {
      // A size with a trailing 1 has that subtree's root last.
      hash = nodeHash(this.#hashes.pop() ?? hash, hash);
      index = (index - 1) / 2;
      onSubtree?.(level, index, hash);
    }
    this.#hashes.push(hash);
  }

  /**
   * Adds 2^level leaves by the root over them.
   *
   * @throws {RangeError} when no complete subtree of that level can begin here
   */
  appendSubtree(level: number, root: Uint8Array): void {
    const leaves = 2 ** level;
    if (this.#size % leaves !== 0) {
      throw new RangeError(`Cannot add a subtree of level ${level} to a tree of size ${this.#size}`);
    }
    let hash = root;
    for (let index = this.#size / leaves; index % 2 === 1; index = (index - 1) / 2) {
      hash = nodeHash(this.#hashes.pop() ?? hash, hash);
    }
    this.#size += leaves;
    this.#hashes.push(hash);
  }

  /** Root of the tree as it is now. */
  root(): Uint8Array {
    return rootOf(this.#hashes);
  }
}
