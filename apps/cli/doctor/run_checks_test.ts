import assert from "node:assert/strict";
import { test } from "node:test";
import { type Check, runChecks } from "./run_checks.ts";

test("runChecks() waits for no check for ever, and shows the others in their order", async () => {
  const checks: readonly Check[] = [
    { what: "one", look: async () => [{ what: "one", level: "ok", message: "Fine" }] },
    { what: "two", look: () => new Promise(() => {}) },
    { what: "three", look: () => Promise.reject(new Error("Broken")) },
  ];
  const { findings, late } = await runChecks(checks, {}, { maxMs: 20 });
  assert.equal(late, true);
  assert.deepEqual(
    findings.map(({ what, level, message }) => `${level} ${what}: ${message}`),
    ["ok one: Fine", "problem two: It could not be looked at within 0.02 s", "problem three: Broken"],
  );
  assert.equal((await runChecks(checks.slice(0, 1), {})).late, false);
});
