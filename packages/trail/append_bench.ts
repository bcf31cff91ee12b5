import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { openSqliteTrail } from "./sqlite/mod.ts";
import type { StoredRecord, TrailEntry } from "./store.ts";
import { emailEntries } from "./testing/entries.ts";

// Durable appends a second, with all that the trail does, against a bare insert of rows of the same bytes: the same
// records and sealed values without any index, in groups of the same size, on the same disk, in turns. The entries are
// those of held emails: intent, outcome, approval, delivery. The median of the rounds counts.

const ROUNDS = 30;
const GROUP = 256;
const GROUPS = 4;

const folder = mkdtempSync(join(tmpdir(), "append-bench-"));
const trail = await openSqliteTrail(join(folder, "trail.sqlite"));
const bare = openBare(join(folder, "bare.sqlite"));
const times: { readonly trail: number; readonly bare: number }[] = [];
for (let round = 0; round < ROUNDS; round++) {
  const entries = Array.from({ length: (GROUP * GROUPS) / 4 }, (_, index) =>
    emailEntries(round * GROUP * GROUPS + index, Date.now()),
  ).flat();
  let start = performance.now();
  const results = await Promise.all(entries.map((entry) => trail.append(entry)));
  const trailMs = performance.now() - start;
  const written: StoredRecord[] = [];
  const fromSeq = results[0]?.ok ? results[0].seq : 0;
  for await (const record of trail.records({ fromSeq })) written.push(record);
  start = performance.now();
  for (let index = 0; index < entries.length; index += GROUP) {
    bare(written.slice(index, index + GROUP), entries.slice(index, index + GROUP));
  }
  times.push({ trail: trailMs, bare: performance.now() - start });
}
await trail.close();
rmSync(folder, { recursive: true });
const [trailMs, bareMs] = [median(times.map((time) => time.trail)), median(times.map((time) => time.bare))];
const rate = (ms: number) => Math.round((GROUP * GROUPS) / (ms / 1000)).toLocaleString("en");
console.log(
  `append: ${rate(trailMs)} durable appends/s in groups of ${GROUP}; bare inserts of the same bytes ${rate(bareMs)}/s; ratio ${(bareMs / trailMs).toFixed(2)}`,
);

function openBare(path: string): (records: readonly StoredRecord[], entries: readonly TrailEntry[]) => void {
  const db = new Database(path);
  db.pragma("journal_mode = wal");
  db.pragma("synchronous = full");
  db.exec(
    "CREATE TABLE records (seq INTEGER PRIMARY KEY, json TEXT, leaf BLOB); CREATE TABLE sealed (commitment BLOB, salt BLOB, kind TEXT, value TEXT)",
  );
  const insertRecord = db.prepare("INSERT INTO records VALUES (?, ?, ?)");
  const insertSealed = db.prepare("INSERT INTO sealed VALUES (?, ?, ?, ?)");
  const insert = db.transaction((records: readonly StoredRecord[], entries: readonly TrailEntry[]) => {
    for (const [index, { record, json, leaf }] of records.entries()) {
      insertRecord.run(record.seq, json, leaf);
      for (const { commitment, salt, kind, value } of entries[index]?.sealed ?? []) {
        insertSealed.run(Buffer.from(commitment, "hex"), salt, kind, value);
      }
    }
  });
  return (records, entries) => insert.immediate(records, entries);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
