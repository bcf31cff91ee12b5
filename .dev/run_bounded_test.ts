import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { runBounded } from "./run_bounded.ts";

const CWD = import.meta.dirname;
const run = (script: string, atMostMs: number, onMessage: (message: unknown) => void = () => undefined) =>
  runBounded(["-e", script], { cwd: CWD, atMostMs, onMessage });

test("runBounded() says how a program ended, and hands on what it told", async () => {
  const told: unknown[] = [];
  const heard = (message: unknown) => void told.push(message);
  assert.equal(await run("process.send({ value: 1 }, () => process.disconnect())", 60_000, heard), "ok");
  assert.deepEqual(told, [{ value: 1 }]);
  assert.equal(await run("process.exit(3)", 60_000), "failed");
});

test("runBounded() ends a program that takes too long, with what it started", async () => {
  const script = `const { pid } = require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    process.send(pid);
    setInterval(() => {}, 1000);`;
  const pids: number[] = [];
  assert.equal(await run(script, 2_000, (pid) => void pids.push(Number(pid))), "too long");
  for (const pid of pids) while (isRunning(pid)) await sleep(20);
});

test("runBounded() ends a program that tells what nobody understands", async () => {
  const refuse = () => {
    throw new TypeError("Cannot read a figure");
  };
  await assert.rejects(run("process.send(1); setInterval(() => {}, 1000)", 60_000, refuse), /Cannot read/);
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
