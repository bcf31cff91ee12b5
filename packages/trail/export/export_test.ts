import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parseCheckpoint } from "../checkpoint/mod.ts";
import { newestCheckpoint } from "../checkpoint/signing/mod.ts";
import type { ExportData } from "../record/export.ts";
import { erasure, NOON } from "../testing/entries.ts";
import { leafHash } from "../tree/mod.ts";
import { verifyTrail } from "../verify/mod.ts";
import { jsonlChunks } from "./jsonl_chunks.ts";
import { openExport } from "./open_export.ts";
import { packChunks } from "./pack_chunks.ts";
import { saveFile } from "./save_file.ts";
import { openSampleTrail, planSample, sampleItems } from "./testing/sample_export.ts";

const SIZE = 700;
const VERIFIERS = join(import.meta.dirname, "../standalone");
const { trail, folder } = await openSampleTrail(SIZE);
test.after(() => trail.close());

const time = (minute: number) => new Date(NOON + minute * 60_000).toISOString();
const NAMES = ["address", "subject", "attachment_name", "caller_key", "text"] as const;

const CASES: Readonly<Record<string, Parameters<typeof planSample>[1]>> = {
  everything: {},
  "with values": { values: NAMES },
  "with bodies": { values: [...NAMES, "body", "attachment"] },
  "of a time": { since: time(130), until: time(260.5) },
  "since a time": { since: time(640) },
  "until a time, with values": { until: time(300), values: NAMES },
  "of one team": { filter: { team: "finance" }, values: NAMES },
  "of a rule in a time": { since: time(100), until: time(500), filter: { rule: "recipients.deny" } },
  "of a time in which nothing was": { since: time(-20), until: time(-10) },
};

for (const [what, changes] of Object.entries(CASES)) {
  test(`an export verifies: ${what}`, async () => {
    const name = what.replaceAll(/\W/g, "_");
    const jsonl = join(folder, `${name}.jsonl`);
    await saveFile(jsonl, jsonlChunks(await sampleItems(trail, changes)));
    const pack = join(folder, `${name}.tar.gz`);
    await saveFile(pack, packChunks(await sampleItems(trail, { ...changes, format: "pack" })));
    const unpacked = join(folder, name);
    mkdirSync(unpacked);
    execFileSync("tar", ["-xzf", pack, "-C", unpacked]);
    for (const path of [jsonl, pack, unpacked]) {
      const opened = await openExport(path);
      const result = await verifyTrail(opened);
      assert.ok(result.ok, `${path}: ${JSON.stringify(result)}`);
      assert.equal(result.size, opened.header.size);
    }
  });
}

test("planExport() takes the checkpoint that was signed for the export, else the oldest that covers it", async () => {
  const part = { since: time(130), until: time(260.5) };
  const signed = await planSample(trail, part);
  const newest = await newestCheckpoint(trail);
  assert.equal(signed.size, signed.record + 1);
  assert.equal(signed.size, parseCheckpoint(newest?.note ?? "").size);
  assert.equal((await planSample(trail, { ...part, isSigned: false })).size, 299);
});

test("an export has the records of its time, each line the bytes of its leaf", async () => {
  const lines = await linesOf({ since: time(130), until: time(260.5) });
  const header = JSON.parse(lines[0] ?? "").export;
  assert.deepEqual([header.from, header.to], [130, 261]);
  const records = lines.filter((line) => line.startsWith('{"assistant":'));
  assert.equal(records.length, 131);
  const stored = [];
  for await (const record of trail.records({ fromSeq: 130, limit: 131 })) stored.push(record);
  assert.deepEqual(
    records,
    stored.map(({ json }) => json),
  );
  assert.deepEqual(leafHash(records[0] ?? ""), stored[0]?.leaf);
});

test("an export has no value, subject or address unless it is asked for", async () => {
  const all = (await linesOf({})).join("\n");
  // Of addresses with what follows a name: four letters may stand in a hash's base64.
  for (const secret of [/Invoice/, /jane\d*@/, /@partner\.example/, /Body of/])
    assert.doesNotMatch(all, secret);
  const named = (await linesOf({ values: NAMES })).join("\n");
  for (const value of ["Invoice 8", "jane8@partner.example"]) assert.ok(named.includes(value), value);
  assert.ok(!named.includes("Body of"));
});

test("an export of one team shows the others by their leaves only", async () => {
  const lines = await linesOf({ filter: { team: "finance" }, values: [...NAMES, "body"] });
  const text = lines.join("\n");
  assert.ok(!text.includes("sales-bot") && !text.includes("team: sales") && text.includes("team: finance"));
  assert.ok(lines.filter((line) => line.startsWith('{"leaf":')).length > SIZE / 3);
  assert.ok(!/Body of (?:4|12)"/.test(text) && text.includes('"Body of 16"'));
});

test("an export with values verifies after erasures, and an absent value that none explains is found", async (t) => {
  const own = await openSampleTrail(30);
  t.after(() => own.trail.close());
  const commitments: string[] = [];
  for await (const { commitment } of own.trail.values({ kinds: ["address"], fromSeq: 8, toSeq: 9 }))
    commitments.push(commitment);
  assert.equal(commitments.length, 2);
  await own.trail.append(erasure({ commitments }));
  await own.trail.append(erasure({ below: { seq: 8, kinds: ["subject"] } }));
  const file = join(own.folder, "erased.jsonl");
  await saveFile(file, jsonlChunks(await sampleItems(own.trail, { values: NAMES })));
  const text = readFileSync(file, "utf8");
  assert.ok(!text.includes("jane8@") && text.includes("jane12@") && !text.includes("Invoice 4,"));
  const broken = join(own.folder, "broken.jsonl");
  writeFileSync(broken, text.replace(/^.*jane12@.*\n/m, ""));
  for (const [path, isWhole] of [
    [file, true],
    [broken, false],
  ] as const) {
    const result = await verifyTrail(await openExport(path));
    assert.equal(result.ok, isWhole, JSON.stringify(result));
    if (!result.ok) assert.deepEqual([result.problems[0]?.seq, result.problems[0]?.what], [12, "removed"]);
    for (const [program, name] of [
      [process.execPath, "verify.mjs"],
      ["python3", "verify.py"],
    ] as const) {
      const { status, stdout } = spawnSync(program, [join(VERIFIERS, name), path], { encoding: "utf8" });
      assert.equal(status, isWhole ? 0 : 1, stdout);
      assert.match(stdout, isWhole ? /^Everything agrees/ : /^record 12: removed: /);
    }
  }
});

test("a pack says in words what is in it, and how to write a verifier", async () => {
  const items = await sampleItems(trail, { format: "pack", filter: { team: "finance" }, values: NAMES });
  const pack = join(folder, "words.tar.gz");
  await saveFile(pack, packChunks(items, { summarize: ({ kind }) => `=${kind}\u001b[2J` }));
  const read = (name: string) => execFileSync("tar", ["-xzOf", pack, name], { encoding: "utf8" });
  const [counts = "", decided = "", , , ...lines] = read("summary.txt").split("\n");
  assert.match(counts, /^\d+ records shown, \d+ withheld: policy 1, key 1, lifecycle \d+, /);
  assert.match(decided, /^Decided: \d+ allowed, \d+ denied$/);
  assert.match(lines[0] ?? "", /^0 {2}2026-11-23T12:00:00\.000Z {2}policy {2}- {2}- {2}=policy \[2J$/);
  assert.ok(!lines.join().includes("Invoice") && !lines.join().includes("sales"));
  assert.equal(read("verifying.md"), readFileSync(join(VERIFIERS, "../docs/verifying.md"), "utf8"));
  assert.match(read("README.md"), /verifying\.md/);
});

test("saveFile() never overwrites, and leaves nothing half written", async () => {
  const path = join(folder, "once.txt");
  await saveFile(path, chunks("a"));
  await assert.rejects(
    saveFile(path, chunks("b")),
    /^Error: Cannot write ".*once\.txt": there is such a file/,
  );
  assert.equal(readFileSync(path, "utf8"), "a");
  const before = readdirSync(folder);
  const other = join(folder, "broken.txt");
  await assert.rejects(saveFile(other, chunks("a", new Error("Disk is gone"))), /Disk is gone/);
  assert.deepEqual(readdirSync(folder), before);
  await assert.rejects(saveFile(join(folder, "no/where.txt"), chunks("a")), /^Error: Cannot write/);
});

test("planExport() does not believe a checkpoint of more than there is", async () => {
  const { size } = await trail.head();
  const header = await planSample(trail, { until: time(650) });
  assert.ok(header.size <= size + 1);
});

async function linesOf(
  changes: Partial<Omit<ExportData, "filter">> & { filter?: object },
): Promise<string[]> {
  let text = "";
  for await (const chunk of jsonlChunks(await sampleItems(trail, changes))) text += chunk;
  return text.split("\n").slice(0, -1);
}

async function* chunks(...parts: readonly (string | Error)[]): AsyncGenerator<string> {
  for (const part of parts) {
    if (part instanceof Error) throw part;
    yield part;
  }
}
