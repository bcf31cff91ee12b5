import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { verifyTrail } from "../../verify/mod.ts";
import { openSqliteTrail } from "./open_trail.ts";
import { testFile } from "./testing/test_folder.ts";

const PROGRAM = fileURLToPath(new URL("../../testing/append_until_killed.ts", import.meta.url));

test("append() loses nothing that it acknowledged when two processes that append, one in a thread, are killed", async (t) => {
  const path = testFile(t);
  await (await openSqliteTrail(path)).close();
  const acknowledged = (
    await Promise.all([
      appendAndKill(path, { name: "a", count: 300 }),
      appendAndKill(path, { name: "b", count: 500, how: "in-thread" }),
    ])
  ).flat();
  assert.ok(acknowledged.length >= 800);
  const store = await openSqliteTrail(path);
  const found = new Set<string | null>();
  for await (const { record } of store.records({ kind: "intent" })) found.add(record.receipt);
  assert.deepEqual(
    acknowledged.filter((receipt) => !found.has(receipt)),
    [],
  );
  const result = await verifyTrail(store);
  assert.ok(result.ok, JSON.stringify(result));
  await store.close();
});

interface Run {
  readonly name: string;
  readonly count: number;
  readonly how?: "in-thread";
}

/** Receipts that a process acknowledged until it was killed, after `count` of them. */
function appendAndKill(path: string, { name, count, how }: Run): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const args = [path, name, ...(how === undefined ? [] : [how])];
    const child = spawn(process.execPath, ["--import", "tsx", PROGRAM, ...args], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      if (output.split("\n").length > count) child.kill("SIGKILL");
    });
    child.on("error", reject);
    child.on("close", (_, signal) => {
      // The last line may be cut.
      if (signal === "SIGKILL") resolve(output.split("\n").slice(0, -1));
      else reject(new Error(`The program ended by itself: ${signal}`));
    });
  });
}
