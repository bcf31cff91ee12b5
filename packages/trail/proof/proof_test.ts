import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parseVerifierKey } from "../checkpoint/mod.ts";
import { openSampleTrail } from "../export/testing/sample_export.ts";
import type { StoredRecord } from "../store/stored.ts";
import { SAMPLE_SIGNER } from "../testing/sample_trail.ts";
import { parseProof } from "./parse_proof.ts";
import { proveRecords } from "./prove_records.ts";
import { formatTlogProof, parseTlogProof } from "./tlog_proof.ts";
import type { TrailProof } from "./trail_proof.ts";
import { verifyProof } from "./verify_proof.ts";

const VERIFIERS = join(import.meta.dirname, "../standalone");
const { trail, folder } = await openSampleTrail(230);
test.after(() => trail.close());
const old = await proveRecords(trail, await recordsAt(4, 5, 198));
const fresh = await proveRecords(trail, await recordsAt(229));

test("proveRecords() proves by the newest checkpoint that covers the records, else by the head", () => {
  assert.deepEqual([old.size, fresh.size, fresh.checkpoint], [199, 230, null]);
  assert.match(old.checkpoint ?? "", /^countersign\/sample\n199\n/);
  assert.deepEqual(old.keys, [SAMPLE_SIGNER.key.text]);
  for (const proof of [old, fresh]) assert.deepEqual(verifyProof(parseProof(JSON.stringify(proof))), []);
  assert.deepEqual(verifyProof(old, { keys: [SAMPLE_SIGNER.key] }), []);
  assert.equal(verifyProof(fresh, { keys: [SAMPLE_SIGNER.key] })[0]?.what, "forged");
});

test("verifyProof() and the other verifiers find whatever is changed in a proof", async (t) => {
  const [first, second] = old.records;
  assert.ok(first !== undefined && second !== undefined);
  const flip = (hash: string) => hash.replace(/^./, (digit) => (digit === "0" ? "1" : "0"));
  const cases: Readonly<Record<string, TrailProof>> = {
    nothing: old,
    "a record": { ...old, records: [{ ...first, record: first.record.replace("finance", "legal") }] },
    "a record's place": { ...old, records: [{ ...first, index: 5 }] },
    "which record it is": { ...old, records: [{ ...first, record: second.record }] },
    "a hash of the path": { ...old, records: [{ ...first, path: first.path.map(flip) }] },
    "the length of the path": { ...old, records: [{ ...first, path: first.path.slice(1) }] },
    "the root": { ...old, root: flip(old.root) },
    "the size": { ...old, size: 198 },
    "the checkpoint": { ...old, checkpoint: old.checkpoint?.replace("199", "198") ?? null },
    "the signature": { ...old, checkpoint: old.checkpoint?.replace(/....=*\n$/, "AAA=\n") ?? null },
    "the keys": { ...old, keys: [] },
    "everything away": { ...old, records: [] },
  };
  for (const [what, proof] of Object.entries(cases)) {
    await t.test(what, async () => {
      const isGood = what === "nothing";
      assert.equal(verifyProof(proof).length === 0, isGood);
      const path = join(folder, "proof.json");
      writeFileSync(path, JSON.stringify(proof));
      for (const [program, file] of [
        [process.execPath, "verify.mjs"],
        ["python3", "verify.py"],
      ] as const)
        assert.equal((await exitCodeOf(program, [join(VERIFIERS, file), path])) === 0, isGood, file);
    });
  }
});

test("a .tlog-proof is verified by whoever makes it, and by the other verifiers", async (t) => {
  const one = await proveRecords(trail, await recordsAt(4));
  const good = formatTlogProof(one);
  const record = join(folder, "record.json");
  writeFileSync(record, `${one.records[0]?.record}\n`);
  const withoutExtra = good.replace(/^extra .*\n/m, "");
  const key = ["--key", SAMPLE_SIGNER.key.text];
  const cases: Readonly<Record<string, readonly [text: string, isGood: boolean, ...args: string[]]>> = {
    whole: [good, true],
    "with a key": [good, true, ...key],
    "with another key": [
      good,
      false,
      "--key",
      "countersign/other+a31a039a+AepKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs",
    ],
    "the record beside it": [withoutExtra, true, "--record", record, ...key],
    "without a key for a signature that nobody names": [withoutExtra, false, "--record", record],
    "without a record": [withoutExtra, false, ...key],
    "another application's extra": [good.replace(/^extra .*$/m, "extra AAAA"), false],
    "another place": [good.replace("index 4", "index 5"), false],
    "a longer path": [good.replace(/index 4\n/, `$&${"A".repeat(43)}=\n`), false],
    "another hash": [good.replace(/(index 4\n)..../, "$1AAAA"), false],
    "another checkpoint": [good.replace("\n199\n", "\n198\n"), false],
    "another signature": [good.replace(/....=*\n$/, "AAA=\n"), false],
  };
  for (const [what, [text, isGood, ...args]] of Object.entries(cases)) {
    await t.test(what, async () => {
      const path = join(folder, "one.tlog-proof");
      writeFileSync(path, text);
      const keys = args.includes("--key") ? [args[args.indexOf("--key") + 1] ?? ""] : [];
      const own = () => {
        const line = args.includes("--record") ? readFileSync(record, "utf8") : undefined;
        return verifyProof(parseTlogProof(text, line), { keys: keys.map(parseVerifierKey) });
      };
      if (isGood) assert.deepEqual(own(), []);
      else assert.ok(problemsOf(own).length > 0);
      for (const [program, file] of [
        [process.execPath, "verify.mjs"],
        ["python3", "verify.py"],
      ] as const)
        assert.equal((await exitCodeOf(program, [join(VERIFIERS, file), path, ...args])) === 0, isGood, file);
    });
  }
});

test("parseProof() refuses what is none", () => {
  for (const text of [
    "",
    "null",
    "[]",
    "{}",
    JSON.stringify({ ...old, size: -1 }),
    JSON.stringify({ ...old, records: [{}] }),
    JSON.stringify({ ...old, more: 1 }),
    JSON.stringify(old).replace('"size":', '"size":1,"size":'),
  ])
    assert.throws(() => parseProof(text), /^Error: Cannot read a proof/);
});

test("formatTlogProof() writes C2SP's form", async () => {
  const one = await proveRecords(trail, await recordsAt(4));
  const [head, checkpoint] = formatTlogProof(one).split("\n\n", 2);
  assert.match(head ?? "", /^c2sp\.org\/tlog-proof@v1\nextra [\w+/]+=*\nindex 4(?:\n[\w+/]{43}=){8}$/);
  assert.equal(checkpoint, old.checkpoint?.split("\n\n")[0]);
  assert.throws(() => formatTlogProof(old), TypeError);
  assert.throws(() => formatTlogProof(fresh), TypeError);
});

/** What is wrong, or that it cannot be read. */
function problemsOf(verify: () => readonly unknown[]): readonly unknown[] {
  try {
    return verify();
  } catch (error) {
    return [error];
  }
}

async function recordsAt(...seqs: readonly number[]): Promise<readonly StoredRecord[]> {
  const found: StoredRecord[] = [];
  for (const fromSeq of seqs)
    for await (const record of trail.records({ fromSeq, limit: 1 })) found.push(record);
  return found;
}

function exitCodeOf(program: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    execFile(program, args, (error) =>
      typeof error?.code === "string" ? reject(error) : resolve(error?.code ?? 0),
    );
  });
}
