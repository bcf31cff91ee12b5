import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { failPointOf } from "./fail_point.ts";

const SANDBOX = "http://127.0.0.1:8788";

test("failPointOf() is nothing when the variable is not set", () => {
  assert.equal(failPointOf(undefined, SANDBOX), undefined);
  assert.equal(failPointOf(undefined, "https://api.multimail.dev"), undefined);
});

test("failPointOf() lets no gateway start that talks to a real MultiMail", () => {
  for (const url of [
    "https://api.multimail.dev",
    "http://multimail.internal:8788",
    "http://127.0.0.1.evil.example",
    "http://localhost.evil.example:8788",
    "http://127.0.0.1@evil.example",
    "",
  ]) {
    assert.throws(() => failPointOf("after_send", url), /Cannot start with COUNTERSIGN_FAILPOINT/, url);
  }
});

test("failPointOf() refuses what is no fail point", () => {
  for (const setting of [
    "",
    "1",
    "true",
    "after_send:0",
    "after_send:-1",
    "after_send:",
    "After_Send",
    "after_sent",
  ]) {
    assert.throws(() => failPointOf(setting, SANDBOX), /must be one of before_intent, /, setting);
  }
});

test("failPointOf() kills the process when the point is passed for the nth time, and not before", () => {
  const module = new URL("./fail_point.ts", import.meta.url).href;
  const program = `
    import { failPointOf } from ${JSON.stringify(module)};
    const pass = failPointOf("after_send:2", ${JSON.stringify(SANDBOX)});
    for (const point of ["after_send", "after_intent", "after_outcome", "after_send", "after_send"]) {
      console.log(point);
      pass(point);
    }`;
  const args = ["--import", "tsx", "--input-type=module", "--eval", program];
  const { signal, stdout } = spawnSync(process.execPath, args, { encoding: "utf8" });
  assert.equal(signal, "SIGKILL");
  assert.deepEqual(stdout.trim().split("\n"), ["after_send", "after_intent", "after_outcome", "after_send"]);
});
