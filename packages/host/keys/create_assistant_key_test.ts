import assert from "node:assert/strict";
import { test } from "node:test";
import { createAssistantKey, hashAssistantKey } from "../mod.ts";

test("createAssistantKey() makes a key of 32 random bytes and its hash", () => {
  const { key, hash } = createAssistantKey();
  assert.match(key, /^csk_[A-Za-z0-9_-]{43}$/);
  assert.equal(hash, hashAssistantKey(key));
  assert.notEqual(createAssistantKey().key, key);
});

test("hashAssistantKey() is the SHA-256 of the whole key", () => {
  assert.equal(
    hashAssistantKey("abc"),
    "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
});
