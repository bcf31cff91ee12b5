import { createHash, createHmac, generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createNoteSigner, recordSigningKey, signCheckpoint, type TrailStore, verifyTrail } from "../mod.ts";
import { openPostgresTrail } from "../store/postgres/mod.ts";
import { openSqliteTrail } from "../store/sqlite/mod.ts";
import { emailEntries } from "../testing/entries.ts";
import { startPostgres } from "../testing/start_postgres.ts";

// Verification of a trail in each store against nothing but the hashing that it has to do, with node:crypto over the same
// bytes in memory: leaf hashes, tree, and the commitments to sealed values. The entries are those of held emails. What is
// measured is processor time of this process, the least of the rounds, so that a busy machine changes little; PostgreSQL's
// server works beside it, so that the time on the clock is told too. BENCH_EMAILS: how many emails.

const EMAILS = Number(process.env.BENCH_EMAILS ?? 25_000);
const ROUNDS = 5;

const folder = mkdtempSync(join(tmpdir(), "verify-bench-"));
const sqlite = await openSqliteTrail(join(folder, "trail.sqlite"));
await measure("SQLite", sqlite);
rmSync(folder, { recursive: true });

const server = await startPostgres();
await measure("PostgreSQL", await openPostgresTrail(await server.createDatabase()));
await server.remove();

async function measure(name: string, store: TrailStore): Promise<void> {
  const appending = await timeOf(() => fill(store));
  const jsons: string[] = [];
  const sealed: { salt: Uint8Array; kind: string; value: string }[] = [];
  for await (const page of store.pages()) {
    jsons.push(...page.rows.map(({ json }) => json ?? ""));
    for (const { salt, kind, value } of page.sealed ?? []) {
      sealed.push({ salt: Buffer.from(salt), kind, value: value ?? "" });
    }
  }
  const hashing = await leastOf(() => {
    // A tree has a node for each leaf but one.
    for (const json of jsons) {
      const leaf = createHash("sha256").update("\0").update(json).digest();
      createHash("sha256").update("\u0001").update(leaf).update(leaf).digest();
    }
    for (const { salt, kind, value } of sealed)
      createHmac("sha256", salt).update(`${kind}\0${value}`).digest();
  });
  const verifying = await leastOf(async () => {
    if (!(await verifyTrail(store)).ok) throw new Error("The trail is not whole");
  });
  await store.close();
  const perSecond = (ms: number) => Math.round(jsons.length / (ms / 1000)).toLocaleString("en");
  console.log(
    `verify ${name}: ${jsons.length} records in ${inSeconds(verifying.cpu)} (${perSecond(verifying.cpu)}/s); hashing the same bytes ${inSeconds(hashing.cpu)}; ratio ${ratio(verifying.cpu, hashing.cpu)}; on the clock ${inSeconds(verifying.clock)} and ${inSeconds(hashing.clock)}, ratio ${ratio(verifying.clock, hashing.clock)}; appended ${perSecond(appending.clock)}/s`,
  );
  const records = jsons.length / 1000;
  const to = "hashing the same bytes";
  for (const [on, unit] of [
    ["cpu", "processor"],
    ["clock", "clock"],
  ] as const) {
    process.send?.({
      what: `verify ${name}, on the ${unit}`,
      value: records / (verifying[on] / 1000),
      unit: "k records/s",
      ratio: verifying[on] / hashing[on],
      to,
      ...(name === "PostgreSQL" && on === "clock" && { aim: "<= 4" }),
    });
  }
}

async function fill(store: TrailStore): Promise<void> {
  const signer = createNoteSigner("bench", generateKeyPairSync("ed25519").privateKey);
  await recordSigningKey(store, { signer, current: null, predecessor: undefined, at: Date.now() });
  for (let first = 0; first < EMAILS; first += 500) {
    const entries = Array.from({ length: 500 }, (_, index) => emailEntries(first + index, Date.now())).flat();
    await Promise.all(entries.map((entry) => store.tryAppend(entry)));
    const head = await store.head();
    await signCheckpoint(store, { origin: "bench", signers: [signer], at: Date.now(), head });
  }
}

/** Milliseconds of this process' processor, and on the clock. */
interface Time {
  readonly cpu: number;
  readonly clock: number;
}

async function leastOf(work: () => unknown): Promise<Time> {
  let least: Time = { cpu: Number.POSITIVE_INFINITY, clock: Number.POSITIVE_INFINITY };
  for (let round = 0; round < ROUNDS; round++) {
    const { cpu, clock } = await timeOf(work);
    least = { cpu: Math.min(least.cpu, cpu), clock: Math.min(least.clock, clock) };
  }
  return least;
}

async function timeOf(work: () => unknown): Promise<Time> {
  const [cpu, clock] = [cpuMs(), performance.now()];
  await work();
  return { cpu: cpuMs() - cpu, clock: performance.now() - clock };
}

function ratio(a: number, b: number): string {
  return (a / b).toFixed(2);
}

function inSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
