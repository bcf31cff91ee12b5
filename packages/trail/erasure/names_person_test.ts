import assert from "node:assert/strict";
import { test } from "node:test";
import { namesPerson } from "./names_person.ts";

test("namesPerson() knows an address in every form of it, alone and in a text", () => {
  const isAnn = namesPerson("Ann+work@Bücher.example");
  for (const text of [
    "ann@xn--bcher-kva.example",
    "ANN@BÜCHER.example",
    "ann+bills@bücher.example",
    '"ann"@bücher.example',
    "Ann Lee <ann@bücher.example>",
    "write to mailto:ann@bücher.example.",
    '["ann@bücher.example"]',
    "ann@bücher.example, bob@b.example",
  ]) {
    assert.ok(isAnn(text), text);
  }
});

test("namesPerson() takes nobody else for the person", () => {
  const isAnn = namesPerson("ann@a.example");
  for (const text of [
    "",
    "joann@a.example",
    "jo.ann@a.example",
    "x+ann@a.example",
    "ann@a.example.org",
    "ann@a.example-b.org",
    "ann@aXexample",
    "ann at a.example",
    "ann@b.example",
    "x".repeat(100_000),
    "ann+".repeat(50_000),
  ]) {
    assert.ok(!isAnn(text), text.slice(0, 40));
  }
  assert.ok(!namesPerson("a.b@a.example")("axb@a.example"), "a point is a point");
});

test("namesPerson() refuses what is no address", () => {
  for (const text of ["", "ann", "*@a.example", "ann@a.example, bob@a.example"]) {
    assert.throws(() => namesPerson(text), TypeError);
  }
});
