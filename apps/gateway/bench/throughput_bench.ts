/**
 * Emails a second through both doors, by turns with what does less: a bare pass-through, the same guarantees by the least
 * code, and the official MCP SDK alone. Everything runs in processes of its own on this machine: a stub of MultiMail, the
 * load, and what is measured. Medians of the rounds. The trail is in SQLite, with every commit on disk.
 *
 * BENCH_ROUNDS (3), BENCH_SECONDS: of a turn (2), BENCH_PROFILE: a folder for processor profiles of the two gateways, the
 * first of which is asked by REST and MCP, the second by REST with webhooks.
 */
import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import { startBenchGateway } from "./testing/bench_gateway.ts";
import { benchEmail, MAILBOX } from "./testing/bench_teams.ts";
import { gatewayMetrics } from "./testing/gateway_metrics.ts";
import { type Target, type Turn, takeTurn } from "./testing/load.ts";
import { restTarget, type TargetOptions } from "./testing/rest_target.ts";
import { startProgram } from "./testing/start_program.ts";
import { askStub, callsUntilQuiet, QUIET_MS } from "./testing/stub_calls.ts";

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 2);
const MANY = { connections: 32, seconds: SECONDS };
const ONE = { connections: 1, seconds: SECONDS / 2 };
const WARM_UP = { connections: 32, seconds: 1.5 };
const SECRET = "whsec_bench0123456789";

const program = (name: string) => [
  "--import",
  "tsx",
  fileURLToPath(new URL(`./testing/${name}`, import.meta.url)),
];
const dir = await mkdtemp(join(tmpdir(), "countersign-bench-"));
const UPSTREAM_PATH = `/v1/mailboxes/${MAILBOX.id}/send`;

const stub = await startProgram(program("stub_upstream.ts"));
const toStub = { UPSTREAM: stub.url, UPSTREAM_PATH };
const profile = process.env.BENCH_PROFILE;
const node = profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profile}`];
const gateway = await startBenchGateway({ upstream: stub.url, node });
const told = await startBenchGateway({
  upstream: stub.url,
  node,
  env: { MULTIMAIL_WEBHOOK_SECRET: SECRET },
});
const bare = await startProgram(program("pass_through.ts"), toStub);
const sdk = await startProgram(program("bare_sdk.ts"));
const askingSdk = await startProgram(program("bare_sdk.ts"), toStub);

const rest = restTarget(`${gateway.url}/v1/send`, { key: gateway.key, says: '"status":"queued"' });
await takeTurn(rest, WARM_UP);
const callsOfEmail = await callsUntilQuiet(stub.url);
const leastDatabase = join(dir, "least.sqlite");
copySchema(gateway.database, leastDatabase);
const LEAST_KEY = "csk_least";
const least = await startProgram(program("least_code.ts"), {
  UPSTREAM: stub.url,
  DATABASE: leastDatabase,
  KEY_HASH: createHash("sha256").update(LEAST_KEY).digest("hex"),
  CALLS: Object.keys(callsOfEmail).join(","),
});

type Subject = "bare" | "least" | "rest" | "webhooks" | "sdk" | "sdkCalls" | "mcp";
const SUBJECTS: Readonly<Record<Subject, Target>> = {
  bare: restTarget(bare.url, { key: "", says: '"status":"pending_scan"' }),
  least: restTarget(`${least.url}/v1/send`, { key: LEAST_KEY, says: '"status":"queued"' }),
  rest,
  webhooks: restTarget(`${told.url}/v1/send`, { key: told.key, says: '"status":"queued"' }),
  sdk: mcpTarget(`${sdk.url}/mcp`, { key: "", says: "Done" }),
  sdkCalls: mcpTarget(`${askingSdk.url}/mcp`, { key: "", says: "pending_scan" }),
  mcp: mcpTarget(`${gateway.url}/mcp`, { key: gateway.key, says: "ACCEPTED" }),
};
/** Those whose work goes on after the answers. */
const RECORDS: ReadonlySet<Subject> = new Set(["least", "rest", "webhooks", "mcp"]);
const many: Record<Subject, Turn[]> = emptyTurns();
const one: Record<Subject, Turn[]> = emptyTurns();
const calls: Record<"rest" | "webhooks", number[]> = { rest: [], webhooks: [] };
const loops: Record<"rest" | "mcp", number[]> = { rest: [], mcp: [] };
const cpu: number[] = [];
const sustained: number[] = [];

for (const subject of ["bare", "least", "webhooks", "sdk", "sdkCalls", "mcp"] as const) {
  await turn(subject, WARM_UP);
}
for (let round = 0; round < ROUNDS; round++) {
  for (const subject of Object.keys(SUBJECTS) as Subject[]) {
    const before = await gatewayMetrics(gateway.url);
    const startedAt = performance.now();
    const { taken, during, after } = await turn(subject, MANY);
    many[subject].push(taken);
    if (subject === "rest" || subject === "mcp") loops[subject].push(during.loopP99Ms);
    if (subject === "rest") {
      cpu.push((1000 * ((await gatewayMetrics(gateway.url)).cpuSeconds - before.cpuSeconds)) / taken.answers);
      sustained.push(taken.answers / ((performance.now() - startedAt - QUIET_MS) / 1000));
    }
    if (subject === "rest" || subject === "webhooks") calls[subject].push(sum(after) / (after.send ?? 1));
  }
  for (const subject of ["bare", "least", "rest", "sdk", "sdkCalls", "mcp"] as const) {
    one[subject].push((await turn(subject, ONE)).taken);
  }
}

const { megabytes } = await gatewayMetrics(gateway.url);
const rows = [gateway.database, leastDatabase].map(rowsOfEmail);
const emails = countOf(gateway.database, "claims");
const kilobytes = sizeOf(gateway.database) / 1000;
await least.close();
await gateway.close();
for (const { close } of [told, bare, sdk, askingSdk, stub]) await close();
await rm(dir, { recursive: true });

const rate = (subject: Subject) => median(many[subject].map(({ perSecond }) => perSecond));
const wait = (subject: Subject) => median(one[subject].map((taken) => taken.median));
const compared = (subject: Subject, base: Subject) =>
  median(
    many[subject].map(({ perSecond }, round) => perSecond / (many[base][round]?.perSecond ?? Number.NaN)),
  );
for (const subject of Object.keys(SUBJECTS) as Subject[]) {
  const [slow, single] = [median(many[subject].map(({ p99 }) => p99)), one[subject].length > 0];
  console.log(
    `${subject.padEnd(8)} ${Math.round(rate(subject))}/s on 32 connections (${many[subject].map(({ perSecond }) => Math.round(perSecond)).join(", ")}), p99 ${slow.toFixed(1)} ms${single ? `; on one, median ${wait(subject).toFixed(2)} ms` : ""}`,
  );
}
console.log(
  `Rows of an email, gateway: ${JSON.stringify(rows[0])}\nRows of an email, least code: ${JSON.stringify(rows[1])}`,
);
console.log(`Calls of an email: ${JSON.stringify(callsOfEmail)}`);
const on32 = (what: string) => `${what}, 32 connections`;
const figures = [
  {
    what: on32("REST"),
    value: rate("rest"),
    unit: "/s",
    ratio: compared("rest", "bare"),
    to: "bare pass-through",
    aim: ">= 0.35",
  },
  {
    what: on32("REST"),
    value: rate("rest"),
    unit: "/s",
    ratio: compared("rest", "least"),
    to: "same guarantees by the least code",
    aim: ">= 0.8",
  },
  {
    what: on32("REST, webhooks on"),
    value: rate("webhooks"),
    unit: "/s",
    ratio: compared("webhooks", "bare"),
    to: "bare pass-through",
  },
  {
    what: on32("MCP"),
    value: rate("mcp"),
    unit: "/s",
    ratio: compared("mcp", "sdk"),
    to: "bare SDK that answers at once",
    aim: ">= 1",
  },
  {
    what: on32("MCP"),
    value: rate("mcp"),
    unit: "/s",
    ratio: compared("mcp", "sdkCalls"),
    to: "bare SDK that calls upstream once",
    aim: ">= 1",
  },
  {
    what: "REST, one connection, added to the bare pass-through",
    value: wait("rest") - wait("bare"),
    unit: "ms",
    aim: "<= 1",
  },
  {
    what: "MCP, one connection, added to the bare SDK that calls",
    value: wait("mcp") - wait("sdkCalls"),
    unit: "ms",
    aim: "<= 1",
  },
  {
    what: "least code, one connection, added to the bare pass-through",
    value: wait("least") - wait("bare"),
    unit: "ms",
  },
  { what: "event loop stands still under REST, p99", value: median(loops.rest), unit: "ms", aim: "<= 10" },
  { what: "event loop stands still under MCP, p99", value: median(loops.mcp), unit: "ms", aim: "<= 10" },
  { what: "REST until all is recorded that an email causes", value: median(sustained), unit: "/s" },
  { what: "processor for an email by REST, until all is recorded", value: median(cpu), unit: "ms" },
  { what: "calls upstream for an email", value: median(calls.rest), unit: "", aim: "<= 3" },
  { what: "calls upstream for an email, webhooks on", value: median(calls.webhooks), unit: "", aim: "<= 2" },
  { what: "on disk for an email", value: kilobytes / emails, unit: "KB", aim: "<= 3.5" },
  { what: `resident after ${emails} emails`, value: megabytes, unit: "MB" },
];
for (const figure of figures) {
  if (process.send === undefined) console.log(JSON.stringify(figure));
  process.send?.(figure);
}
// What is compared with must do the same.
const [ours, theirs] = rows.map((counted) => JSON.stringify(counted));
if (ours !== theirs) {
  console.error("The least code writes other rows than the gateway: bring it up to date");
  process.exitCode = 1;
}

/** One turn, and what came of it until MultiMail hears nothing more. */
async function turn(subject: Subject, options: { connections: number; seconds: number }) {
  const webhook = subject === "webhooks" ? `${told.url}/webhooks/multimail` : "";
  await askStub(stub.url, { url: webhook, secret: SECRET });
  const before = await askStub(stub.url);
  await gatewayMetrics(gateway.url);
  const taken = await takeTurn(SUBJECTS[subject], options);
  const during = await gatewayMetrics(gateway.url);
  return { taken, during, after: RECORDS.has(subject) ? await callsUntilQuiet(stub.url, before) : {} };
}

function mcpTarget(url: string, { key, says }: TargetOptions): Target {
  return {
    url,
    says,
    headers: {
      authorization: `Bearer ${key}`,
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": "2025-11-25",
    },
    body: (n) => {
      const { to, ...others } = benchEmail(n);
      const params = { name: "send_email", arguments: { to: [to], ...others } };
      return JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params });
    },
  };
}

/** Makes a database's tables and indexes in another one. */
function copySchema(from: string, to: string): void {
  const [source, copy] = [new Database(from, { readonly: true }), new Database(to)];
  const sql = source.prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid");
  for (const statement of sql.pluck().all()) copy.exec(String(statement));
  copy.exec("INSERT INTO head VALUES (1, 0, x'', x'')");
  source.close();
  copy.close();
}

/** How many rows of each table the email has whose life is over and was recorded last. */
function rowsOfEmail(file: string): Readonly<Record<string, number>> {
  const db = new Database(file, { readonly: true });
  const receipt = db
    .prepare(
      `SELECT receipt FROM records WHERE kind = (SELECT id FROM names WHERE name = 'lifecycle')
       GROUP BY receipt HAVING count(*) > 1 ORDER BY max(seq) DESC LIMIT 1`,
    )
    .pluck()
    .get();
  const tables = db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    .pluck()
    .all();
  const rows = tables.flatMap((table) => {
    const columns = db.prepare(`SELECT name FROM pragma_table_xinfo('${table}')`).pluck().all();
    const where = columns.includes("receipt")
      ? "receipt = @receipt"
      : "seq IN (SELECT seq FROM records WHERE receipt = @receipt)";
    if (!columns.includes("receipt") && !columns.includes("seq")) return [];
    const count = db.prepare(`SELECT count(*) FROM ${table} WHERE ${where}`).pluck().get({ receipt });
    return [[String(table), Number(count)] as const];
  });
  db.close();
  return Object.fromEntries(rows.filter(([, count]) => count > 0));
}

function countOf(file: string, table: string): number {
  const db = new Database(file, { readonly: true });
  const count = db.prepare(`SELECT count(*) FROM ${table}`).pluck().get();
  db.close();
  return Number(count);
}

/** Bytes, with what still is in the write-ahead log. */
function sizeOf(file: string): number {
  const db = new Database(file, { readonly: true });
  const pragma = (name: string) => Number(db.pragma(name, { simple: true }));
  const bytes = pragma("page_count") * pragma("page_size");
  db.close();
  return bytes;
}

function emptyTurns(): Record<Subject, Turn[]> {
  return { bare: [], least: [], rest: [], webhooks: [], sdk: [], sdkCalls: [], mcp: [] };
}

function sum(counts: Readonly<Record<string, number>> | readonly number[]): number {
  return Object.values(counts).reduce((all, one) => all + one, 0);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
