import { createHash, createHmac, generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createNoteSigner, recordSigningKey, signCheckpoint, verifyTrail } from "./mod.ts";
import { openSqliteTrail } from "./sqlite/mod.ts";
import { emailEntries } from "./testing/entries.ts";

// Verification of a trail on disk against nothing but the hashing that it has to do, with node:crypto over the same bytes in
// memory: leaf hashes, tree, and the commitments to sealed values. The entries are those of held emails. What is measured is processor
// time, the least of the rounds, so that a busy machine changes little.

const EMAILS = 25_000;

const folder = mkdtempSync(join(tmpdir(), "verify-bench-"));
const store = await openSqliteTrail(join(folder, "trail.sqlite"));
const signer = createNoteSigner("bench", generateKeyPairSync("ed25519").privateKey);
await recordSigningKey(store, { signer, current: null, predecessor: undefined, at: Date.now() });
for (let first = 0; first < EMAILS; first += 500) {
  const entries = Array.from({ length: 500 }, (_, index) => emailEntries(first + index, Date.now())).flat();
  await Promise.all(entries.map((entry) => store.append(entry)));
  await signCheckpoint(store, {
    origin: "bench",
    signers: [signer],
    at: Date.now(),
    head: await store.head(),
  });
}

const jsons: string[] = [];
const sealed: { salt: Uint8Array; kind: string; value: string }[] = [];
for await (const page of store.pages()) {
  jsons.push(...page.rows.map(({ json }) => json ?? ""));
  for (const { salt, kind, value } of page.sealed ?? []) {
    sealed.push({ salt: Buffer.from(salt), kind, value: value ?? "" });
  }
}

const times = { hash: Number.POSITIVE_INFINITY, verify: Number.POSITIVE_INFINITY };
for (let round = 0; round < 5; round++) {
  let start = cpuMs();
  // A tree has a node for each leaf but one.
  for (const json of jsons) {
    const leaf = createHash("sha256").update("\0").update(json).digest();
    createHash("sha256").update("\u0001").update(leaf).update(leaf).digest();
  }
  for (const { salt, kind, value } of sealed) createHmac("sha256", salt).update(`${kind}\0${value}`).digest();
  times.hash = Math.min(times.hash, cpuMs() - start);
  start = cpuMs();
  const result = await verifyTrail(store);
  times.verify = Math.min(times.verify, cpuMs() - start);
  if (!result.ok) throw new Error("The trail is not whole");
}
await store.close();
rmSync(folder, { recursive: true });
const perSecond = Math.round(jsons.length / (times.verify / 1000)).toLocaleString("en");
console.log(
  `verify: ${jsons.length} records in ${(times.verify / 1000).toFixed(2)} s (${perSecond}/s); hashing the same bytes ${(times.hash / 1000).toFixed(2)} s; ratio ${(times.verify / times.hash).toFixed(2)}`,
);

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
