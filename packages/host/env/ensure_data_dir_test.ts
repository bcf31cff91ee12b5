import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { ensureDataDir } from "./ensure_data_dir.ts";

test("ensureDataDir() makes the folder for its owner only, and takes it the next time", async () => {
  const path = join(temporary(), "a", "b");
  await ensureDataDir(path);
  assert.equal(statSync(path).mode & 0o777, 0o700);
  assert.equal(statSync(join(path, "..")).mode & 0o777, 0o700);
  await ensureDataDir(path);
});

test("ensureDataDir() refuses a folder that others can get into, and leaves its mode alone", async () => {
  const path = join(temporary(), "open");
  mkdirSync(path);
  chmodSync(path, 0o755);
  await assert.rejects(ensureDataDir(path), /its mode is 755, so that others .* run chmod 700/);
  assert.equal(statSync(path).mode & 0o777, 0o755);
});

test("ensureDataDir() takes a folder that a group shares, as container volumes do", async () => {
  const path = join(temporary(), "shared");
  mkdirSync(path);
  chmodSync(path, 0o770);
  await ensureDataDir(path);
});

test("ensureDataDir() says when it is a file", async () => {
  const path = join(temporary(), "file");
  writeFileSync(path, "");
  await assert.rejects(ensureDataDir(path), /it is a file, want a folder/);
  await assert.rejects(ensureDataDir(join(path, "data")), /part of the path is a file/);
});

test("ensureDataDir() says when links lead nowhere", async () => {
  const path = join(temporary(), "link");
  symlinkSync(path, path);
  await assert.rejects(ensureDataDir(path), /Cannot use data folder/);
});

function temporary(): string {
  return mkdtempSync(join(tmpdir(), "countersign-"));
}
