import type Database from "better-sqlite3";
import { Frontier, type HashReader, STORED_LEVELS } from "../../tree/mod.ts";
import type { TreeHead } from "../../tree/tree_head.ts";
import { splitHashes } from "../split_hashes.ts";

/** The head as the database has it; its parts may contradict each other. */
export interface HeadRow extends TreeHead {
  /** 32 bytes each, one after the other. */
  readonly frontier: Uint8Array;
}

/** The Merkle tree in the database: head, frontier and inner nodes. Leaves are in `records`. */
export class TreeRows implements HashReader {
  readonly #selectHead: Database.Statement<[], HeadRow>;
  readonly #updateHead: Database.Statement<[number, Uint8Array, Uint8Array]>;
  readonly #insertNode: Database.Statement<[number, number, Uint8Array]>;
  readonly #selectLeaves: Database.Statement<[number, number], Uint8Array>;
  readonly #selectNodes: Database.Statement<[number, number, number], Uint8Array>;

  constructor(db: Database.Database) {
    this.#selectHead = db.prepare("SELECT size, root, frontier FROM head");
    this.#updateHead = db.prepare("UPDATE head SET size = ?, root = ?, frontier = ?");
    this.#insertNode = db.prepare("INSERT INTO nodes (level, idx, hash) VALUES (?, ?, ?)");
    this.#selectLeaves = db
      .prepare<[number, number], Uint8Array>(
        "SELECT leaf FROM records WHERE seq >= ? AND seq < ? ORDER BY seq",
      )
      .pluck();
    this.#selectNodes = db
      .prepare<[number, number, number], Uint8Array>(
        "SELECT hash FROM nodes WHERE level = ? AND idx >= ? AND idx < ? ORDER BY idx",
      )
      .pluck();
  }

  /** @throws {Error} when there is none */
  head(): HeadRow {
    const head = this.storedHead();
    if (head === undefined) throw new Error("the head is missing");
    return head;
  }

  storedHead(): HeadRow | undefined {
    return this.#selectHead.get();
  }

  /**
   * The frontier to append to.
   *
   * @throws {Error} when it does not make the stored head
   */
  frontier(): Frontier {
    const { size, root, frontier } = this.head();
    const tree = new Frontier(size, splitHashes(frontier));
    if (Buffer.compare(tree.root(), root) !== 0)
      throw new Error("the frontier does not make the head's root");
    return tree;
  }

  /** Adds a leaf to the frontier and keeps the inner nodes that it completes. */
  append(frontier: Frontier, leaf: Uint8Array): void {
    frontier.append(leaf, (level, index, hash) => {
      if (STORED_LEVELS.includes(level)) this.#insertNode.run(level, index, hash);
    });
  }

  save(frontier: Frontier): void {
    this.#updateHead.run(frontier.size, frontier.root(), Buffer.concat(frontier.hashes));
  }

  async hashes(level: number, first: number, count: number): Promise<readonly Uint8Array[]> {
    return level === 0
      ? this.#selectLeaves.all(first, first + count)
      : this.#selectNodes.all(level, first, first + count);
  }
}
