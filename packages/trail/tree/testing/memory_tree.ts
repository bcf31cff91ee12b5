import { Frontier } from "../frontier.ts";
import type { HashReader } from "../hash_reader.ts";
import { leafHash } from "../hashes.ts";

/** A tree in memory that keeps the hashes that a trail keeps, and counts how many of them are read. */
export class MemoryTree implements HashReader {
  readonly frontier: Frontier = new Frontier();
  rowsRead = 0;
  readonly #levels = new Map<number, Uint8Array[]>();

  constructor(leaves: Iterable<Uint8Array>) {
    for (const leaf of leaves) {
      const hash = leafHash(leaf);
      this.#keep(0, hash);
      this.frontier.append(hash, (level, _, subtree) => level % 8 === 0 && this.#keep(level, subtree));
    }
  }

  async hashes(level: number, first: number, count: number): Promise<readonly Uint8Array[]> {
    const found = this.#levels.get(level)?.slice(first, first + count) ?? [];
    this.rowsRead += found.length;
    return found;
  }

  #keep(level: number, hash: Uint8Array): void {
    const row = this.#levels.get(level);
    if (row === undefined) this.#levels.set(level, [hash]);
    else row.push(hash);
  }
}
