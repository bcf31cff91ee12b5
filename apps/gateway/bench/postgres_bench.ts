/**
 * Emails a second by the REST door of one and of two gateways on one PostgreSQL, by turns with one on SQLite: the same 32
 * connections, the same disk, every commit on it, medians of the rounds. Everything runs on this machine: with as many
 * cores as processes a second gateway adds its own, with two it can at best cost nothing. What does not depend on that is
 * told too: for how much of each second the head of the tree is taken, the one thing that all gateways share.
 *
 * BENCH_ROUNDS (3), BENCH_SECONDS: of a turn (3).
 */
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { startPostgres } from "@countersign/trail/testing/start-postgres";
import { startBenchGateway } from "./testing/bench_gateway.ts";
import { type Target, type Turn, takeTurn } from "./testing/load.ts";
import { restTarget } from "./testing/rest_target.ts";
import { startProgram } from "./testing/start_program.ts";
import { callsUntilQuiet } from "./testing/stub_calls.ts";

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 3);
const CONNECTIONS = 32;
const WARM_UP_SECONDS = 1.5;

const STUB = fileURLToPath(new URL("./testing/stub_upstream.ts", import.meta.url));
const stub = await startProgram(["--import", "tsx", STUB]);
const server = await startPostgres({
  parent: tmpdir(),
  settings: ["shared_preload_libraries=pg_stat_statements", "track_wal_io_timing=on"],
});
const [alone, shared] = [await server.createDatabase(), await server.createDatabase()];
const sqlite = await startBenchGateway({ upstream: stub.url });
const one = await startBenchGateway({ upstream: stub.url, env: { DATABASE_URL: alone } });
const two = await startBenchGateway({ upstream: stub.url, env: { DATABASE_URL: shared } });
const second = await two.another();

type Subject = "sqlite" | "one" | "two";
const target = (url: string, key: string) => restTarget(`${url}/v1/send`, { key, says: '"status":"queued"' });
const SUBJECTS: Readonly<Record<Subject, readonly Target[]>> = {
  sqlite: [target(sqlite.url, sqlite.key)],
  one: [target(one.url, one.key)],
  two: [target(two.url, two.key), target(second.url, two.key)],
};
const taken: Record<Subject, { readonly perSecond: number; readonly median: number }[]> = {
  sqlite: [],
  one: [],
  two: [],
};
await server.run("CREATE EXTENSION pg_stat_statements");
/** Milliseconds that the head was taken, for an email. */
const heads: Record<"one" | "two", number[]> = { one: [], two: [] };
for (const subject of ["sqlite", "one", "two"] as const) await turn(subject, WARM_UP_SECONDS);
for (let round = 0; round < ROUNDS; round++) {
  for (const subject of ["sqlite", "one", "two"] as const) {
    const before = await headMs();
    const { answers, perSecond, median } = await turn(subject, SECONDS);
    taken[subject].push({ perSecond, median });
    if (subject !== "sqlite") heads[subject].push(((await headMs()) - before) / answers);
  }
}
await second.close();
for (const { close } of [sqlite, one, two, stub]) await close();
await server.remove();

const rate = (subject: Subject) => median(taken[subject].map(({ perSecond }) => perSecond));
const compared = (subject: Subject, base: Subject) =>
  median(taken[subject].map(({ perSecond }, round) => perSecond / (taken[base][round]?.perSecond ?? 0)));
const wait = (subject: Subject) => median(taken[subject].map((turn) => turn.median));
for (const subject of ["sqlite", "one", "two"] as const) {
  const rates = taken[subject].map(({ perSecond }) => Math.round(perSecond)).join(", ");
  console.log(`${subject}: ${rates} emails/s; median answer ${wait(subject).toFixed(1)} ms`);
}
const figures = [
  {
    what: "one gateway on PostgreSQL, 32 connections",
    value: rate("one"),
    unit: "/s",
    ratio: compared("one", "sqlite"),
    to: "one on SQLite",
    aim: ">= 0.8",
  },
  {
    what: "two gateways on one PostgreSQL, 32 connections, on the same cores",
    value: rate("two"),
    unit: "/s",
    ratio: compared("two", "one"),
    to: "one on PostgreSQL",
    aim: ">= 0.9",
  },
  { what: "the head is taken for an email, one gateway", value: median(heads.one), unit: "ms" },
  { what: "the head is taken for an email, two gateways", value: median(heads.two), unit: "ms" },
];
for (const figure of figures) {
  if (process.send === undefined) console.log(JSON.stringify(figure));
  process.send?.(figure);
}

/** All connections ask; resolves when nothing is left to do that an email causes. */
async function turn(subject: Subject, seconds: number): Promise<Turn> {
  const targets = SUBJECTS[subject];
  const connections = CONNECTIONS / targets.length;
  const turns = await Promise.all(targets.map((target) => takeTurn(target, { connections, seconds })));
  await callsUntilQuiet(stub.url);
  return {
    answers: turns.reduce((sum, { answers }) => sum + answers, 0),
    perSecond: turns.reduce((sum, { perSecond }) => sum + perSecond, 0),
    median: Math.max(...turns.map(({ median }) => median)),
    p99: Math.max(...turns.map(({ p99 }) => p99)),
  };
}

/** Milliseconds that batches took in the server, and what they wrote to reach the disk, since it started. */
async function headMs(): Promise<number> {
  const [row] = (await server.run(
    `SELECT (SELECT coalesce(sum(total_exec_time), 0) FROM pg_stat_statements WHERE query LIKE 'SELECT append(%') AS ms`,
  )) as readonly { readonly ms: number }[];
  return row?.ms ?? Number.NaN;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
