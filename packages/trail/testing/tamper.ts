import { encodeRecord } from "../record/encode_record.ts";
import type { RawRecord } from "../record/record.ts";
import { Frontier, leafHash } from "../tree/mod.ts";

/** A shell of the trail's database, for whoever may write all of it. Parameters are `?`. */
export interface Shell extends RecordShell {
  /** Runs one statement; returns how many rows it changed. */
  run(sql: string, ...values: readonly unknown[]): Promise<number>;
  all<Row>(sql: string, ...values: readonly unknown[]): Promise<readonly Row[]>;
}

/** What is done to records, however a database keeps them. */
export interface RecordShell {
  /** A record's JSON. */
  jsonOf(seq: number): Promise<string>;
  /** Puts a text in a record's place, with all by which it is found; by default the leaf stays. */
  put(seq: number, json: string, leaf?: Uint8Array): Promise<void>;
  /** Exchanges two records, with all by which they are found, or all but their leaves. */
  swap(a: number, b: number, ...columns: readonly ("json" | "leaf")[]): Promise<void>;
}

/** Changes members of a record; with its leaf, unless told otherwise. */
export async function edit(
  db: Shell,
  seq: number,
  change: Partial<RawRecord>,
  withLeaf = true,
): Promise<void> {
  const json = encodeRecord({ ...(JSON.parse(await db.jsonOf(seq)) as RawRecord), ...change });
  if (withLeaf) await put(db, seq, json);
  else await db.put(seq, json);
}

/** Puts a text in a record's place, with its leaf. */
export async function put(db: Shell, seq: number, json: string): Promise<void> {
  await db.put(seq, json, leafHash(json));
}

/** Puts a record at a place that says that it is `seq`. */
export async function insert(db: Shell, place: number, seq: number): Promise<void> {
  const record = { ...(JSON.parse(await db.jsonOf(10)) as RawRecord), seq, receipt: "forged" };
  await put(db, place, encodeRecord(record));
}

/** Moves the rows from `from` on. */
export async function shift(db: Shell, from: number, by: number): Promise<void> {
  await db.run(`UPDATE records SET seq = -1000000 - seq - ${by} WHERE seq >= ${from}`);
  await db.run("UPDATE records SET seq = -1000000 - seq WHERE seq < -1000");
}

/** Makes the tree anew from the leaves that there are; by default the head too. */
export async function rewriteTree(
  db: Shell,
  head: (frontier: Frontier) => readonly [sql: string, ...values: unknown[]] = (frontier) => [
    "UPDATE head SET size = ?, root = ?, frontier = ?",
    frontier.size,
    frontier.root(),
    Buffer.concat(frontier.hashes),
  ],
): Promise<void> {
  const frontier = new Frontier();
  const nodes: { readonly level: number; readonly index: number; readonly hash: Uint8Array }[] = [];
  for (const { leaf } of await db.all<{ leaf: Uint8Array }>("SELECT leaf FROM records ORDER BY seq")) {
    frontier.append(leaf, (level, index, hash) => nodes.push({ level, index, hash }));
  }
  for (const { level, index, hash } of nodes.filter(({ level }) => level % 8 === 0)) {
    await db.run("UPDATE nodes SET hash = ? WHERE level = ? AND idx = ?", hash, level, index);
  }
  const [sql, ...values] = head(frontier);
  await db.run(sql, ...values);
}
