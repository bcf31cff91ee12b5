import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createPrivateKey } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createNoteSigner, type NoteSigner, parseCheckpoint } from "../checkpoint/mod.ts";
import { recordSigningKey, signCheckpoint, signingKeyHistory } from "../checkpoint/signing/mod.ts";
import type { StoredCheckpoint } from "../store/stored.ts";
import { lifecycle, NOON } from "../testing/entries.ts";
import { SAMPLE_ORIGIN, SAMPLE_SIGNER } from "../testing/sample_trail.ts";
import { type VerifyTrailOptions, verifyTrail } from "../verify/mod.ts";
import { exportItems } from "./export_items.ts";
import { jsonlChunks } from "./jsonl_chunks.ts";
import { openExport } from "./open_export.ts";
import { planExport } from "./plan_export.ts";
import { saveFile } from "./save_file.ts";
import { openSampleTrail, sampleItems } from "./testing/sample_export.ts";

const VERIFIERS = join(import.meta.dirname, "../standalone");
const time = (minute: number) => new Date(NOON + minute * 60_000).toISOString();
const { trail, folder } = await openSampleTrail(130);
const part = join(folder, "part.jsonl");
await saveFile(part, jsonlChunks(await sampleItems(trail, { since: time(60), until: time(90) })));
test.after(() => trail.close());

test("a checkpoint from outside that cannot be compared with a part is a problem to all verifiers", async () => {
  const [inside, before] = [
    await signed(SAMPLE_SIGNER, { size: 64 }),
    await signed(SAMPLE_SIGNER, { size: 59 }),
  ];
  // The 64 leaves before 64 are a subtree; of 59, nothing in the part tells the root.
  assert.deepEqual(await problemsOf(part, { since: inside }), [["rewritten"], 1, 1]);
  assert.deepEqual(await problemsOf(part, { since: before }), [["unproved"], 1, 1]);
  const [newest] = await checkpoints();
  assert.deepEqual(await problemsOf(part, { since: newest?.note ?? "" }), [[], 0, 0]);
});

test("a part of a trail that the key did not sign is forged to all verifiers", async (t) => {
  const unsigned = join(folder, "unsigned.jsonl");
  const some = { since: time(60), until: time(120), isSigned: false };
  const forged = await openSampleTrail(130);
  t.after(() => forged.trail.close());
  const signer = keyOf("0b");
  const at = NOON + 130 * 60_000;
  await recordSigningKey(forged.trail, { signer, current: null, predecessor: undefined, at });
  const head = await forged.trail.head();
  const checkpoint = await signCheckpoint(forged.trail, {
    origin: SAMPLE_ORIGIN,
    signers: [signer],
    at,
    head,
  });
  await saveFile(unsigned, jsonlChunks(await planned(forged.trail, checkpoint)));
  assert.deepEqual(await problemsOf(unsigned, {}), [[], 0, 0]);
  assert.deepEqual(await problemsOf(unsigned, { key: SAMPLE_SIGNER }), [["forged"], 1, 1]);
  assert.deepEqual(await problemsOf(unsigned, { key: signer }), [[], 0, 0]);
  const tail = join(folder, "tail.jsonl");
  await saveFile(tail, jsonlChunks(await sampleItems(forged.trail, { ...some, until: null })));
  assert.deepEqual(await problemsOf(tail, { key: SAMPLE_SIGNER }), [["forged"], 1, 1]);
});

test("a part that ends before its key came on record is signed by it", async (t) => {
  const own = await openSampleTrail(60);
  t.after(() => own.trail.close());
  const signer = keyOf("0e");
  const at = NOON + 60 * 60_000;
  const [current = null] = await signingKeyHistory(own.trail);
  await recordSigningKey(own.trail, { signer, current, predecessor: SAMPLE_SIGNER, at });
  const head = await own.trail.head();
  const checkpoint = await signCheckpoint(own.trail, { origin: SAMPLE_ORIGIN, signers: [signer], at, head });
  for (const [name, since] of [
    ["first", null],
    ["middle", time(10)],
  ] as const) {
    const file = join(folder, `${name}_before_key.jsonl`);
    await saveFile(file, jsonlChunks(await planned(own.trail, checkpoint, { since, until: time(20) })));
    assert.deepEqual(await problemsOf(file, {}), [[], 0, 0]);
    assert.deepEqual(await problemsOf(file, { key: SAMPLE_SIGNER }), [[], 0, 0]);
    assert.deepEqual(await problemsOf(file, { key: keyOf("0f") }), [["forged"], 1, 1]);
  }
});

test("a part that begins after its key came on record is signed by whom the given key vouches for", async (t) => {
  for (const isVouched of [true, false]) {
    const own = await openSampleTrail(60);
    t.after(() => own.trail.close());
    const signer = keyOf("0d");
    const at = NOON + 60 * 60_000;
    const [current = null] = await signingKeyHistory(own.trail);
    const predecessor = isVouched ? SAMPLE_SIGNER : undefined;
    await recordSigningKey(own.trail, { signer, current, predecessor, at });
    for (let minute = 61; minute < 100; minute++)
      await own.trail.append({ ...lifecycle(`r${minute}`, "sent"), at: NOON + minute * 60_000 });
    const head = await own.trail.head();
    const checkpoint = await signCheckpoint(own.trail, {
      origin: SAMPLE_ORIGIN,
      signers: [signer],
      at,
      head,
    });
    const file = join(folder, `vouched_${isVouched}.jsonl`);
    await saveFile(file, jsonlChunks(await planned(own.trail, checkpoint)));
    const header = JSON.parse(readFileSync(file, "utf8").split("\n")[0] ?? "").export;
    assert.equal(header.vouches.length, isVouched ? 1 : 0);
    const want = isVouched ? [[], 0, 0] : [["forged"], 1, 1];
    assert.deepEqual(await problemsOf(file, { key: SAMPLE_SIGNER }), want);
  }
});

test("verifiers tell hostile exports at once, with 100 problems at most", async (t) => {
  const [header = ""] = readFileSync(part, "utf8").split("\n");
  const cases: Readonly<Record<string, string>> = {
    "line breaks": "\n".repeat(8 * 1024 * 1024),
    "lines that are none": '{"value":{}}\n{"leaf":1}\n'.repeat(100_000),
    "lists in lists": `{"assistant":${"[".repeat(200_000)}\n{"value":${"[".repeat(200_000)}\n`,
    digits: `{"assistant":${"9".repeat(900_000)}}\n`,
    "one long line": `{"assistant":"${"a".repeat(8 * 1024 * 1024)}"}\n`,
    "leaves without an end": `${JSON.stringify({ leaf: "ab".repeat(32) })}\n`.repeat(50_000),
  };
  for (const [what, text] of Object.entries(cases)) {
    await t.test(what, async () => {
      const file = join(folder, "hostile.jsonl");
      writeFileSync(file, `${header}\n${text}`);
      const result = await verifyTrail(await openExport(file));
      assert.ok(!result.ok && result.problems.length <= 100);
      assert.ok(result.shown + result.withheld < 100_000, "not everything is read");
      for (const { code, stdout } of await others(file)) {
        assert.equal(code, 1, stdout.slice(0, 200));
        assert.ok(stdout.split("\n").length <= 104);
      }
    });
  }
});

function keyOf(byte: string): NoteSigner {
  const key = Buffer.from(`302e020100300506032b657004220420${byte.repeat(32)}`, "hex");
  return createNoteSigner(SAMPLE_ORIGIN, createPrivateKey({ key, format: "der", type: "pkcs8" }));
}

/** A checkpoint of a tree that there never was. */
async function signed(signer: NoteSigner, { size }: { readonly size: number }): Promise<string> {
  const text = `${SAMPLE_ORIGIN}\n${size}\n${Buffer.alloc(32).toString("base64")}\n`;
  const { name, id, signature } = signer.sign(text);
  const line = Buffer.concat([Buffer.from(id, "hex"), signature]).toString("base64");
  return `${text}\n\u2014 ${name} ${line}\n`;
}

async function checkpoints(): Promise<readonly StoredCheckpoint[]> {
  const found: StoredCheckpoint[] = [];
  for await (const stored of trail.checkpoints({ newestFirst: true })) found.push(stored);
  return found;
}

/** An export of a part, signed by this checkpoint. */
async function planned(
  own: typeof trail,
  checkpoint: StoredCheckpoint,
  { since, until }: { readonly since: string | null; readonly until: string } = {
    since: time(65),
    until: time(95),
  },
) {
  const filter = { team: null, assistant: null, receipt: null, rule: null, effect: null };
  const data = { since, until, filter, values: [], format: "jsonl", by: "", reason: null } as const;
  const header = await planExport(own, { data, record: checkpoint.seq, at: NOON, origin: "x", checkpoint });
  return exportItems(own, header);
}

/** What this verifier finds first, if anything, and how the others end. */
async function problemsOf(
  file: string,
  { key, since }: { readonly key?: NoteSigner; readonly since?: string },
) {
  const options: VerifyTrailOptions = {
    keys: key === undefined ? [] : [key.key],
    since: since === undefined ? [] : [{ name: "given", checkpoint: parseCheckpoint(since) }],
  };
  const result = await verifyTrail(await openExport(file), options);
  const given = join(folder, "given.txt");
  if (since !== undefined) writeFileSync(given, since);
  const args = [
    ...(key === undefined ? [] : ["--key", key.key.text]),
    ...(since === undefined ? [] : ["--checkpoint", given]),
  ];
  const codes = (await others(file, ...args)).map(({ code }) => code);
  return [result.ok ? [] : [...new Set(result.problems.map(({ what }) => what))], ...codes];
}

function others(file: string, ...args: readonly string[]) {
  const run = (program: string, all: readonly string[]) =>
    new Promise<{ readonly code: number; readonly stdout: string }>((resolve, reject) => {
      execFile(program, all, (error, stdout) => {
        if (typeof error?.code === "string") reject(error);
        else resolve({ code: error?.code ?? 0, stdout });
      });
    });
  return Promise.all([
    run(process.execPath, [join(VERIFIERS, "verify.mjs"), file, ...args]),
    run("python3", ["-B", join(VERIFIERS, "verify.py"), file, ...args]),
  ]);
}
