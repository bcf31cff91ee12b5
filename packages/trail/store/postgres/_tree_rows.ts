import type pg from "pg";
import { Frontier, type HashReader } from "../../tree/mod.ts";
import type { TreeHead } from "../../tree/tree_head.ts";
import { splitHashes } from "../split_hashes.ts";

/** What queries are run on. */
export type Queries = Pick<pg.ClientBase, "query">;

/** The head as the database has it; its parts may contradict each other. */
export interface HeadRow extends TreeHead {
  /** 32 bytes each, one after the other. */
  readonly frontier: Uint8Array;
}

/** Statement that reads the head. */
export const SELECT_HEAD = "SELECT size, root, frontier FROM head";

/** The Merkle tree in the database: head, frontier and inner nodes. Leaves are in `records`. */
export class TreeRows implements HashReader {
  readonly #db: Queries;

  constructor(db: Queries) {
    this.#db = db;
  }

  /** @throws {Error} when there is none */
  async head(): Promise<HeadRow> {
    return knownHead((await this.#db.query<HeadRow>(SELECT_HEAD)).rows);
  }

  async hashes(level: number, first: number, count: number): Promise<readonly Uint8Array[]> {
    const [sql, values] =
      level === 0
        ? ["SELECT leaf AS hash FROM records WHERE seq >= $1 AND seq < $2 ORDER BY seq", []]
        : ["SELECT hash FROM nodes WHERE idx >= $1 AND idx < $2 AND level = $3 ORDER BY idx", [level]];
    const { rows } = await this.#db.query<{ hash: Uint8Array }>(sql, [first, first + count, ...values]);
    return rows.map(({ hash }) => hash);
  }
}

/**
 * The head among the rows that `SELECT_HEAD` gave.
 *
 * @throws {Error} when there is none
 */
export function knownHead(rows: readonly HeadRow[]): HeadRow {
  const [head] = rows;
  if (head === undefined) throw new Error("the head is missing");
  return head;
}

/**
 * The frontier to append to.
 *
 * @throws {Error} when it does not make the head
 */
export function frontierOf({ size, root, frontier }: HeadRow): Frontier {
  const tree = new Frontier(size, splitHashes(frontier));
  if (Buffer.compare(tree.root(), root) !== 0) throw new Error("the frontier does not make the head's root");
  return tree;
}
