import type Database from "better-sqlite3";
import { encodeRecord } from "../../../record/encode_record.ts";
import type { RawRecord } from "../../../record/record.ts";
import { Frontier, leafHash } from "../../../tree/mod.ts";
import { Names } from "../names.ts";
import { RecordReader, type RecordRow, recordColumns } from "../record_reader.ts";
import { INSERT_RECORD, type RecordValues, recordValues } from "../record_values.ts";

/** What somebody does to a trail who has its file and SQLite. */

/** A record's JSON. */
export function jsonOf(db: Database.Database, seq: number): string {
  const row = db
    .prepare<[number], RecordRow>(`SELECT ${recordColumns("r")} FROM records r WHERE r.seq = ?`)
    .raw()
    .get(seq);
  return row === undefined ? "" : new RecordReader(db).jsonOf(row);
}

/** Changes members of a record; with its leaf, unless told otherwise. */
export function edit(db: Database.Database, seq: number, change: Partial<RawRecord>, withLeaf = true): void {
  const json = encodeRecord({ ...(JSON.parse(jsonOf(db, seq)) as RawRecord), ...change });
  if (withLeaf) put(db, seq, json);
  else
    put(db, seq, json, db.prepare("SELECT leaf FROM records WHERE seq = ?").pluck().get(seq) as Uint8Array);
}

/** Puts a text in a record's place, with all by which it is found, and with its leaf, unless told otherwise. */
export function put(
  db: Database.Database,
  seq: number,
  json: string,
  leaf: Uint8Array = leafHash(json),
): void {
  db.prepare("DELETE FROM records WHERE seq = ?").run(seq);
  db.prepare<RecordValues>(INSERT_RECORD).run(...recordValues({ seq, json, leaf }, new Names(db)));
}

/** Exchanges two records, or all of them but their leaves. */
export function swap(db: Database.Database, a: number, b: number, ...columns: readonly string[]): void {
  const all = db.prepare<[], string>("SELECT name FROM pragma_table_info('records')").pluck().all();
  const swapped = all.filter((name) => name !== "seq" && (name !== "leaf" || columns.includes("leaf")));
  const read = db
    .prepare<[number], unknown[]>(`SELECT ${swapped.join(", ")} FROM records WHERE seq = ?`)
    .raw();
  const write = db.prepare(
    `UPDATE records SET ${swapped.map((name) => `${name} = ?`).join(", ")} WHERE seq = ?`,
  );
  const [first = [], second = []] = [read.get(a), read.get(b)];
  write.run(...second, a);
  write.run(...first, b);
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
