import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import type Database from "better-sqlite3";
import { openSqliteTrail } from "../store/sqlite/mod.ts";
import { openDatabase } from "../store/sqlite/open_database.ts";
import { rawDatabase } from "../store/sqlite/raw_database.ts";
import { emailEntries } from "../testing/entries.ts";

// Durable appends a second, with all that the trail does, against SQLite that writes the same rows and does nothing else:
// into the trail's own tables with their indexes, in groups of the same size, by prepared statements, one durable commit a
// group, on the same disk, in turns. And against bare inserts of the same bytes into two tables without any index. The
// entries are those of held emails. The median of the rounds counts. Then: for how long the event loop stands still while
// emails are appended as a gateway does, record by record, many at a time; and what an email takes on disk.

const ROUNDS = 120;
const GROUP = 256;
/** How many emails are under way together while the loop is watched, and how many there are. */
const LANES = 32;
const LANE_EMAILS = 4_000;
const SIZED_EMAILS = 6_400;
const BODY_BYTES = 700;
const TABLES = [
  "records (seq, at, kind, team, assistant, policy, receipt, taken, effect, is_email, outside, json, leaf)",
  "sealed (id, commitment, salt, kind, value)",
];
const ALL_TABLES = [
  ...TABLES,
  "recipients (seq, base)",
  "rules (seq, rule)",
  "claims (key, fingerprint, receipt, expires_at)",
  "reservations (counter, at, receipt, keep_until)",
  "nodes (level, idx, hash)",
];
/** Which rows of a table are those of the records from one on; by default those with such a `seq`. */
const FROM: Readonly<Record<string, string>> = {
  claims: "receipt IN (SELECT receipt FROM records WHERE seq >= ?)",
  reservations: "receipt IN (SELECT receipt FROM records WHERE seq >= ?)",
  nodes: "(idx + 1) << (8 * level) > ?",
};

const folder = mkdtempSync(join(tmpdir(), "append-bench-"));
const path = join(folder, "trail.sqlite");
const trail = await openSqliteTrail(path, { inThread: true });
const written = rawDatabase(path, { readonly: true });
const bare = rawDatabase(join(folder, "bare.sqlite"));
bare.pragma("journal_mode = wal");
bare.pragma("synchronous = full");
for (const table of TABLES) bare.exec(`CREATE TABLE ${table}`);
const indexed = openDatabase(join(folder, "indexed.sqlite"), { readonly: false, busyTimeoutMs: 0 });

const times: { readonly trail: number; readonly bare: number; readonly indexed: number }[] = [];
for (let round = 0; round < ROUNDS; round++) {
  const first = round * GROUP;
  const entries = Array.from({ length: GROUP / 4 }, (_, index) =>
    emailEntries(first / 4 + index, Date.now()),
  ).flat();
  times.push({
    trail: await timeOf(() => Promise.all(entries.map((entry) => trail.tryAppend(entry)))),
    bare: await timeOf(copy(bare, TABLES, first)),
    indexed: await timeOf(copy(indexed, ALL_TABLES, first)),
  });
}
for (const db of [bare, indexed, written]) db.close();
await trail.close();
const [trailMs, bareMs, indexedMs] = [median("trail"), median("bare"), median("indexed")];
console.log(
  `append: ${rate(trailMs)} durable appends/s in groups of ${GROUP}; the same rows into the same tables ${rate(indexedMs)}/s, ratio ${(indexedMs / trailMs).toFixed(2)}; bare inserts of the same bytes ${rate(bareMs)}/s, ratio ${(bareMs / trailMs).toFixed(2)}`,
);
process.send?.({
  what: `durable appends, groups of ${GROUP}`,
  value: GROUP / (trailMs / 1000),
  unit: "/s",
  ratio: bareMs / trailMs,
  to: "bare inserts of the same bytes",
  aim: ">= 0.4",
});
const [inThread, inPlace] = [await loopDelay(true), await loopDelay(false)];
console.log(
  `append: the event loop stands still for ${inThread.toFixed(1)} ms (p99) while ${LANES} emails are under way, ${inPlace.toFixed(1)} ms without a thread`,
);
process.send?.({
  what: "loop stands still, p99",
  value: inThread,
  unit: "ms",
  aim: "<= 10",
});
const bytes = await emailBytes();
console.log(`append: ${Math.round(bytes).toLocaleString("en")} bytes on disk for an email of ${BODY_BYTES}`);
process.send?.({
  what: `on disk, email of ${BODY_BYTES} bytes`,
  value: bytes / 1024,
  unit: "KB",
  aim: "<= 3.5",
});
rmSync(folder, { recursive: true });

/** Milliseconds for which the event loop stands still, in 99 of 100 moments at most, while emails are appended. */
async function loopDelay(inThread: boolean): Promise<number> {
  const served = await openSqliteTrail(join(folder, `served-${inThread}.sqlite`), { inThread });
  let email = 0;
  const lane = async () => {
    while (email < LANE_EMAILS) {
      for (const entry of emailEntries(email++, Date.now())) await served.tryAppend(entry);
    }
  };
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await Promise.all(Array.from({ length: LANES }, lane));
  delay.disable();
  await served.close();
  // It counts the millisecond between two looks, too.
  return delay.percentile(99) / 1e6 - 1;
}

/** Bytes that an email takes in the trail's file, once all is written back into it. */
async function emailBytes(): Promise<number> {
  const file = join(folder, "sized.sqlite");
  const sized = await openSqliteTrail(file);
  for (let first = 0; first < SIZED_EMAILS; first += 64) {
    const emails = Array.from({ length: 64 }, (_, index) =>
      emailEntries(first + index, Date.now(), { bodyBytes: BODY_BYTES }),
    );
    await Promise.all(emails.flat().map((entry) => sized.tryAppend(entry)));
  }
  await sized.close();
  return statSync(file).size / SIZED_EMAILS;
}

/** Reads the rows of the records from `first` on, and returns what inserts them in one durable commit. */
function copy(db: Database.Database, tables: readonly string[], first: number): () => void {
  const work = tables.map((table) => {
    const columns = table.slice(table.indexOf("(") + 1, -1);
    const name = table.slice(0, table.indexOf(" "));
    const where = FROM[name] ?? "seq >= ?";
    const rows = written.prepare<[number], unknown[]>(`SELECT ${columns} FROM ${name} WHERE ${where}`).raw();
    const marks = columns.replaceAll(/\w+/g, "?");
    return { rows: rows.all(first), insert: db.prepare(`INSERT INTO ${table} VALUES (${marks})`) };
  });
  const run = db.transaction(() => {
    for (const { rows, insert } of work) for (const row of rows) insert.run(...row);
  });
  return () => run.immediate();
}

async function timeOf(run: () => unknown): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

function median(name: keyof (typeof times)[number]): number {
  return times.map((time) => time[name]).toSorted((a, b) => a - b)[times.length >> 1] ?? Number.NaN;
}

function rate(ms: number): string {
  return Math.round(GROUP / (ms / 1000)).toLocaleString("en");
}
