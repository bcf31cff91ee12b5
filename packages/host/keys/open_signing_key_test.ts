import assert from "node:assert/strict";
import { createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { openSigningKey } from "./open_signing_key.ts";
import { rotateSigningKey } from "./rotate_signing_key.ts";

const EC = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;

function folderFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "key-"));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

function pemOf(key: KeyObject): string {
  return String(key.export({ type: "pkcs8", format: "pem" }));
}

function publicOf(key: KeyObject): string {
  return String(createPublicKey(key).export({ type: "spki", format: "pem" }));
}

test("openSigningKey() makes a key once, for its owner alone, whoever comes at the same time", async (t) => {
  const dataDir = folderFor(t);
  const keys = await Promise.all(Array.from({ length: 20 }, () => openSigningKey({ dataDir })));
  assert.equal(new Set(keys.map(({ key }) => publicOf(key))).size, 1);
  assert.deepEqual(readdirSync(dataDir), ["audit_signing_key.pem"]);
  assert.equal(statSync(join(dataDir, "audit_signing_key.pem")).mode & 0o777, 0o600);
  assert.equal(keys[0]?.source, "generated");
});

test("openSigningKey() takes the operator's key, and knows the one that was generated before", async (t) => {
  const dataDir = folderFor(t);
  const { privateKey } = generateKeyPairSync("ed25519");
  const path = join(dataDir, "mine.pem");
  writeFileSync(path, pemOf(privateKey), { mode: 0o600 });
  for (const auditSigningKey of [pemOf(privateKey), `file:${path}`, `file://${path}`]) {
    const opened = await openSigningKey({ dataDir, auditSigningKey });
    assert.equal(publicOf(opened.key), publicOf(privateKey));
    assert.deepEqual([opened.source, opened.previous], ["environment", undefined]);
  }
  const generated = await openSigningKey({ dataDir });
  const opened = await openSigningKey({ dataDir, auditSigningKey: `file:${path}` });
  assert.ok(opened.previous && publicOf(opened.previous) === publicOf(generated.key));
  await opened.retire?.();
  assert.ok(!existsSync(join(dataDir, "audit_signing_key.pem")));
});

test("openSigningKey() refuses what others can read, or is no key, and shows nothing of it", async (t) => {
  const dataDir = folderFor(t);
  const path = join(dataDir, "audit_signing_key.pem");
  const { privateKey } = generateKeyPairSync("ed25519");
  const secret = pemOf(privateKey);
  writeFileSync(path, secret);
  for (const mode of [0o644, 0o640, 0o604]) {
    chmodSync(path, mode);
    await assert.rejects(
      openSigningKey({ dataDir }),
      /its mode is 6[04][04], so that others can read it; run chmod 600/,
    );
  }
  chmodSync(path, 0o600);
  await openSigningKey({ dataDir });
  const locked = String(
    privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "x" }),
  );
  for (const text of ["", "x".repeat(20_000), secret.slice(0, 60), pemOf(EC), locked]) {
    writeFileSync(path, text);
    await assert.rejects(openSigningKey({ dataDir }), (error: Error) => {
      assert.match(
        error.message,
        /^Cannot use the signing key ".*": it is (?:no Ed25519 private key|too long)/,
      );
      assert.ok(text === "" || !`${error.message} ${String(error.cause)}`.includes(text.slice(0, 40)));
      return true;
    });
  }
  const missing = openSigningKey({ dataDir, auditSigningKey: "file:/nowhere/key.pem" });
  await assert.rejects(
    missing,
    /^Error: Cannot read the signing key "\/nowhere\/key\.pem": there is no such file$/,
  );
});

test("rotateSigningKey() goes on with the key that it began with, and the old one is gone at the end", async (t) => {
  const dataDir = folderFor(t);
  const { key: old } = await openSigningKey({ dataDir });
  const [first, second] = [await rotateSigningKey({ dataDir }), await rotateSigningKey({ dataDir })];
  assert.equal(publicOf(first.key), publicOf(second.key));
  assert.equal(publicOf(first.previous), publicOf(old));
  assert.equal(publicOf((await openSigningKey({ dataDir })).key), publicOf(old));
  await second.retire();
  assert.equal(publicOf((await openSigningKey({ dataDir })).key), publicOf(first.key));
  assert.deepEqual(readdirSync(dataDir), ["audit_signing_key.pem"]);
  await assert.rejects(
    rotateSigningKey({ dataDir, auditSigningKey: pemOf(old) }),
    /AUDIT_SIGNING_KEY is set/,
  );
});
