import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { openPostgresTrail } from "../store/postgres/open_trail.ts";
import { emailEntries } from "../testing/entries.ts";
import { startPostgres } from "../testing/start_postgres.ts";

// Durable appends a second on one tree by one process and by two, in groups of 32 records, the size of what 32 connections
// ask of a gateway: what of a second gateway's work the head of the tree lets through. The processes do nothing else. The
// entries are those of held emails. The median of the rounds counts.

const ROUNDS = 3;
const SECONDS = 2;
const GROUP = 32;
const [url, first] = process.argv.slice(2);
if (url === undefined) await measure();
else await append(url, Number(first));

async function measure(): Promise<void> {
  const server = await startPostgres({ parent: tmpdir() });
  const rates: Record<1 | 2, number[]> = { 1: [], 2: [] };
  for (let round = 0; round < ROUNDS; round++) {
    for (const count of [1, 2] as const) {
      const database = await server.createDatabase();
      const children: ChildProcess[] = [];
      const ends: Promise<unknown>[] = [];
      for (let n = 0; n < count; n++) {
        // Each has emails of its own.
        const child = fork(import.meta.filename, [database, String(n * 1_000_000)]);
        children.push(child);
        ends.push(once(child, "exit"));
        await once(child, "message");
      }
      const appended = children.map(async (child) => Number((await once(child, "message"))[0]));
      for (const child of children) child.send("go");
      rates[count].push((await Promise.all(appended)).reduce((sum, rate) => sum + rate, 0));
      await Promise.all(ends);
    }
  }
  await server.remove();
  const [one, two] = [median(rates[1]), median(rates[2])];
  const ratio = median(rates[2].map((rate, round) => rate / (rates[1][round] ?? Number.NaN)));
  const figure = {
    what: `two processes append to one tree, groups of ${GROUP}`,
    value: two,
    unit: "/s",
    ratio,
    to: "one process",
    aim: ">= 0.9",
  };
  console.log(`postgres append: ${Math.round(one)} records/s by one process, ${Math.round(two)} by two`);
  process.send?.(figure);
}

/** Says that it is ready, and appends when it is told to; tells how many records a second. */
async function append(database: string, from: number): Promise<void> {
  const store = await openPostgresTrail(database);
  let emails = from;
  const group = () => Array.from({ length: GROUP / 4 }, () => emailEntries(emails++, Date.now())).flat();
  for (let n = 0; n < 20; n++) await Promise.all(group().map((entry) => store.tryAppend(entry)));
  process.send?.("ready");
  await once(process, "message");
  const start = performance.now();
  let records = 0;
  while (performance.now() - start < SECONDS * 1000) {
    await Promise.all(group().map((entry) => store.tryAppend(entry)));
    records += GROUP;
  }
  process.send?.(records / ((performance.now() - start) / 1000));
  await store.close();
  process.disconnect();
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
