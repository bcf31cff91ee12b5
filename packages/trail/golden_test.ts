import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { extract } from "tar-stream";
import {
  csvChunks,
  csvEmailChunks,
  exportItems,
  jsonlChunks,
  ocsfChunks,
  packChunks,
  planExport,
} from "./export/mod.ts";
import { type ExportData, formatTlogProof, proveRecords, type StoredRecord, verifyTrail } from "./mod.ts";
import { openSqliteTrail } from "./store/sqlite/mod.ts";
import { NOON } from "./testing/entries.ts";
import { GOLDEN_KINDS, goldenEntries } from "./testing/golden_entries.ts";
import { SAMPLE_ORIGIN, signCheckpoint } from "./testing/sample_trail.ts";

// The bytes of a trail, and of everything that leaves it. They are of trails and exports that are in use: a file here never
// changes; what is new is added to it. One that is deleted is written again by the next run, which fails.

const FOLDER = new URL("testdata/golden/", import.meta.url);
const DAY = 86_400_000;

const folder = mkdtempSync(join(tmpdir(), "golden-"));
test.after(() => rmSync(folder, { recursive: true, force: true }));
const trail = await openSqliteTrail(join(folder, "trail.sqlite"));
test.after(() => trail.close());
for (const entry of goldenEntries()) assert.ok((await trail.tryAppend(entry)).ok);
const signed = await signCheckpoint(trail, NOON + DAY);
const records: StoredRecord[] = [];
for await (const stored of trail.records()) records.push(stored);
const values = ["address", "subject", "body", "attachment_name", "attachment", "caller_key", "text"] as const;
const data: ExportData = {
  ...{ format: "jsonl", since: null, until: null, values, by: "00".repeat(32), reason: null },
  filter: { team: null, assistant: null, receipt: null, rule: null, effect: null },
};
const header = await planExport(trail, {
  ...{ data, record: signed.seq, at: NOON + DAY, origin: SAMPLE_ORIGIN, checkpoint: signed },
});
const summarize = ({ kind }: { readonly kind: string }) => `a ${kind}`;

test("A trail has a golden record of every kind, and is whole", async () => {
  const kinds = new Set(records.map(({ record }) => record.kind));
  assert.deepEqual([...kinds].sort(), [...Object.keys(GOLDEN_KINDS), "checkpoint"].sort());
  const result = await verifyTrail(trail);
  assert.ok(result.ok, JSON.stringify(result));
});

test("encodeRecord() makes the golden bytes of each record, and leafHash() their leaves", async () => {
  compare("records.jsonl", records.map(({ json }) => `${json}\n`).join(""));
  const { size, root } = await trail.head();
  const leaves = records.map(({ leaf }) => `${hex(leaf)}\n`).join("");
  compare("leaves.txt", `${leaves}${size} ${hex(root)}\n`);
});

test("signCheckpoint() makes the golden note", () => {
  compare("checkpoint.txt", signed.note);
});

test("proveRecords() makes the golden proof, also as a tlog-proof", async () => {
  const emails = records.filter(({ record }) => record.receipt !== null);
  const proof = await proveRecords(trail, emails);
  compare("proof.txt", `${JSON.stringify(proof, undefined, 2)}\n`);
  compare("tlog_proof.txt", formatTlogProof(await proveRecords(trail, emails.slice(0, 1))));
});

test("Each format of an export has the golden bytes", async () => {
  compare("export.jsonl", await textOf(jsonlChunks(exportItems(trail, header))));
  compare("export.csv", await textOf(csvChunks(trail, { header, bom: true, summarize })));
  compare("export_emails.csv", await textOf(csvEmailChunks(trail, { header, bom: false })));
  compare("export_ocsf.jsonl", await textOf(ocsfChunks(trail, { header, summarize })));
});

test("An evidence pack has the golden files", async () => {
  // Texts for people, and the verifiers, may become better.
  const isProse = (name: string) => /^(?:README|verifying)\.md$|^verify\.|^manifest\.json$/.test(name);
  const files: string[] = [];
  const packed = await buffer(packChunks(exportItems(trail, header), { summarize }));
  const entries = Readable.from([gunzipSync(packed)]).pipe(extract());
  for await (const entry of entries) {
    const { name, mtime, mode } = entry.header;
    const text = (await buffer(entry)).toString("utf8");
    files.push(`== ${name} ${mtime?.toISOString()} ${mode?.toString(8)}\n${isProse(name) ? "" : text}`);
  }
  compare("pack.txt", files.join(""));
});

function compare(name: string, made: string): void {
  const path = new URL(name, FOLDER);
  if (existsSync(path)) assert.equal(made, readFileSync(path, "utf8"));
  else {
    writeFileSync(path, made);
    assert.fail(`There was no ${name}: it is written now`);
  }
}

async function textOf(chunks: AsyncIterable<string>): Promise<string> {
  let text = "";
  for await (const chunk of chunks) text += chunk;
  return text;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
