import { createHash, createHmac } from "node:crypto";
import { createReadStream, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { exportItems, jsonlChunks, openExport, packChunks, planExport, saveFile } from "../export/mod.ts";
import { verifyTrail } from "../mod.ts";
import { openSqliteTrail } from "../store/sqlite/mod.ts";
import { emailEntries } from "../testing/entries.ts";

// Exports of a trail on disk, and their verification, against hashing the same bytes, with node:crypto and read from disk too:
// once as a file, each record's leaf and node, and the commitments to values. Processor time. Memory is the most that the process had resident, above
// what it had before; it must not grow with the number of records.
//
// EXPORT_BENCH_EMAILS: four records each; default 50,000.

const EMAILS = Number(process.env.EXPORT_BENCH_EMAILS ?? 50_000);
const NAMES = ["address", "subject", "text"] as const;

const folder = mkdtempSync(join(tmpdir(), "export-bench-"));
const trail = await openSqliteTrail(join(folder, "trail.sqlite"));
for (let first = 0; first < EMAILS; first += 500) {
  const entries = Array.from({ length: 500 }, (_, index) => emailEntries(first + index, Date.now())).flat();
  await Promise.all(entries.map((entry) => trail.tryAppend(entry)));
}
const { size } = await trail.head();
const filter = { team: null, assistant: null, receipt: null, rule: null, effect: null };
const data = { format: "jsonl", since: null, until: null, filter, by: "", reason: null } as const;
const common = { record: size, at: Date.now(), origin: "countersign/bench" };

for (const values of [[], NAMES] as const) {
  const header = await planExport(trail, { ...common, data: { ...data, values } });
  const what = values.length === 0 ? "without values" : "with values";
  const jsonl = join(folder, `${values.length}.jsonl`);
  const write = await measure(() => saveFile(jsonl, jsonlChunks(exportItems(trail, header))));
  const bytes = statSync(jsonl).size;
  const sealed = await sealedOf(jsonl);
  const hashing = await measure(async () => {
    await hashLines(jsonl);
    for (const { salt, text } of sealed) createHmac("sha256", salt).update(text).digest();
  });
  const verify = await measure(async () => {
    const result = await verifyTrail(await openExport(jsonl));
    if (!result.ok) throw new Error(JSON.stringify(result.problems[0]));
  });
  const ratio = (ms: number) => (ms / hashing.cpuMs).toFixed(2);
  console.log(
    `export ${what}: ${size} records, ${(bytes / 1e6).toFixed(0)} MB; hashing the same bytes ${seconds(hashing.cpuMs)}`,
  );
  console.log(
    `  jsonl: ${rate(write.cpuMs)} records/s, ratio ${ratio(write.cpuMs)}, memory +${write.megabytes} MB`,
  );
  console.log(
    `  verify: ${rate(verify.cpuMs)} records/s, ratio ${ratio(verify.cpuMs)}, memory +${verify.megabytes} MB`,
  );
  for (const [done, { cpuMs }] of Object.entries({ export: write, "verify an export": verify })) {
    const figure = { value: size / cpuMs, unit: "k records/s", ratio: cpuMs / hashing.cpuMs };
    process.send?.({ what: `${done} ${what}`, ...figure, to: "hashing the same bytes" });
  }
  if (values.length > 0) continue;
  const pack = await measure(() =>
    saveFile(join(folder, "pack.tar.gz"), packChunks(exportItems(trail, header))),
  );
  console.log(
    `  pack: ${rate(pack.cpuMs)} records/s, ratio ${ratio(pack.cpuMs)}, memory +${pack.megabytes} MB`,
  );
}
await trail.close();
rmSync(folder, { recursive: true });

/** Nothing but the hashing that a verification has to do: the file's bytes, and for each line a leaf and a node. */
async function hashLines(path: string): Promise<void> {
  const file = createHash("sha256");
  let rest = Buffer.of();
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    file.update(chunk);
    rest = Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10, start)) {
      const leaf = createHash("sha256").update("\0").update(rest.subarray(start, end)).digest();
      createHash("sha256").update("\u0001").update(leaf).update(leaf).digest();
      start = end + 1;
    }
    rest = rest.subarray(start);
  }
  file.digest();
}

/** Salts and texts of the commitments. */
async function sealedOf(path: string): Promise<readonly { salt: Buffer; text: string }[]> {
  const found: { salt: Buffer; text: string }[] = [];
  for await (const line of createInterface(createReadStream(path))) {
    if (!line.startsWith('{"value":')) continue;
    const { salt, kind, value } = JSON.parse(line).value;
    found.push({ salt: Buffer.from(salt, "hex"), text: `${kind}\0${value}` });
  }
  return found;
}

async function measure(work: () => Promise<unknown>): Promise<{ cpuMs: number; megabytes: number }> {
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  let most = before;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 20);
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  clearInterval(watch);
  return { cpuMs: (user + system) / 1000, megabytes: Math.round((most - before) / 1e6) };
}

function rate(ms: number): string {
  return Math.round(size / (ms / 1000)).toLocaleString("en");
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
