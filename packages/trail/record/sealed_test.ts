import assert from "node:assert/strict";
import { test } from "node:test";
import { commitmentOf, Sealer, seal } from "./sealed.ts";

test("commitmentOf() is the documented HMAC", () => {
  // printf 'subject\0Invoice 42 – é' | openssl mac -digest SHA256 -macopt hexkey:0000…1f HMAC
  const salt = Buffer.from(Array.from({ length: 32 }, (_, index) => index));
  assert.equal(
    commitmentOf(salt, "subject", "Invoice 42 – é"),
    "72004ce19767304fde241e1c47493ea5a51344fd6432290b7d053ac4988aaa44",
  );
});

test("commitmentOf() differs by kind", () => {
  const salt = Buffer.alloc(32);
  assert.notEqual(commitmentOf(salt, "subject", "x"), commitmentOf(salt, "body", "x"));
});

test("seal() never gives the same value the same commitment", () => {
  const [a, b] = [seal("ann@a.example", "address"), seal("ann@a.example", "address")];
  assert.notEqual(a.commitment, b.commitment);
  assert.equal(a.salt.length, 32);
  assert.equal(commitmentOf(a.salt, a.kind, a.value), a.commitment);
});

test("Sealer collects what it sealed", () => {
  const sealer = new Sealer();
  const subject = sealer.seal("subject", "Hello");
  const body = sealer.seal("body", "");
  assert.deepEqual(
    sealer.values.map(({ commitment, kind, value }) => [commitment, kind, value]),
    [
      [subject, "subject", "Hello"],
      [body, "body", ""],
    ],
  );
});

test("seal() commits to well-formed text, and keeps what it committed to", () => {
  const sealed = seal("Great news \ud83c", "subject");
  assert.equal(sealed.value, "Great news \ufffd");
  assert.equal(commitmentOf(sealed.salt, "subject", "Great news \ufffd"), sealed.commitment);
  assert.equal(seal("\ud83c\udf89", "subject").value, "\ud83c\udf89", "a whole pair stays");
});
