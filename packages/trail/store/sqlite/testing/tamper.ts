import type Database from "better-sqlite3";
import { encodeRecord } from "../../../record/encode_record.ts";
import type { RawRecord } from "../../../record/record.ts";
import { Frontier, leafHash } from "../../../tree/mod.ts";

/** What somebody does to a trail who has its file and SQLite. */

/** A record as it is kept. */
export function jsonOf(db: Database.Database, seq: number): string {
  return db.prepare("SELECT json FROM records WHERE seq = ?").pluck().get(seq) as string;
}

/** Changes members of a record; with its leaf, unless told otherwise. */
export function edit(db: Database.Database, seq: number, change: Partial<RawRecord>, withLeaf = true): void {
  const json = encodeRecord({ ...(JSON.parse(jsonOf(db, seq)) as RawRecord), ...change });
  if (withLeaf) put(db, seq, json);
  else db.prepare("UPDATE records SET json = ? WHERE seq = ?").run(json, seq);
}

/** Puts a text in a record's place, with its leaf. */
export function put(db: Database.Database, seq: number, json: string): void {
  db.prepare("UPDATE records SET json = ?, leaf = ? WHERE seq = ?").run(json, leafHash(json), seq);
}

/** Puts a record at a place that says that it is `seq`. */
export function insert(db: Database.Database, place: number, seq: number): void {
  const json = encodeRecord({ ...(JSON.parse(jsonOf(db, 10)) as RawRecord), seq, receipt: "forged" });
  db.prepare("INSERT INTO records (seq, json, leaf) VALUES (?, ?, ?)").run(place, json, leafHash(json));
}

/** Moves the rows from `from` on. */
export function shift(db: Database.Database, from: number, by: number): void {
  db.exec(`UPDATE records SET seq = -1000000 - seq - ${by} WHERE seq >= ${from}`);
  db.exec("UPDATE records SET seq = -1000000 - seq WHERE seq < -1000");
}

/** Exchanges columns of two records. */
export function swap(db: Database.Database, a: number, b: number, ...columns: readonly string[]): void {
  for (const column of columns) {
    const read = db.prepare(`SELECT ${column} FROM records WHERE seq = ?`).pluck();
    const write = db.prepare(`UPDATE records SET ${column} = ? WHERE seq = ?`);
    const [first, second] = [read.get(a), read.get(b)];
    write.run(second, a);
    write.run(first, b);
  }
}

/** Makes the tree anew from the leaves that there are; by default the head too. */
export function rewriteTree(
  db: Database.Database,
  head: (frontier: Frontier) => readonly [sql: string, ...values: unknown[]] = (frontier) => [
    "UPDATE head SET size = ?, root = ?, frontier = ?",
    frontier.size,
    frontier.root(),
    Buffer.concat(frontier.hashes),
  ],
): void {
  const frontier = new Frontier();
  const setNode = db.prepare("UPDATE nodes SET hash = ? WHERE level = ? AND idx = ?");
  for (const leaf of db.prepare("SELECT leaf FROM records ORDER BY seq").pluck().all() as Uint8Array[]) {
    frontier.append(leaf, (level, index, hash) => setNode.run(hash, level, index));
  }
  const [sql, ...values] = head(frontier);
  db.prepare(sql).run(...values);
}
