import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { takeGatewayLock } from "./take_gateway_lock.ts";
import { testFile } from "./testing/test_folder.ts";

test("takeGatewayLock() is held by one at a time, and free again when it is given back", (t) => {
  const folder = dirname(testFile(t));
  const lock = takeGatewayLock(folder);
  assert.throws(
    () => takeGatewayLock(folder),
    /^Error: Cannot start: another gateway serves the trail in ".*" \(DATA_DIR\)\. End it/,
  );
  lock.release();
  takeGatewayLock(folder).release();
});

test("takeGatewayLock() is free again when the process that held it was killed", async (t) => {
  const folder = dirname(testFile(t));
  const module = new URL("./take_gateway_lock.ts", import.meta.url).href;
  const program = `
    const { takeGatewayLock } = await import(${JSON.stringify(module)});
    takeGatewayLock(${JSON.stringify(folder)});
    console.log("held");
    setInterval(() => {}, 1000);`;
  const args = ["--import", "tsx", "--input-type=module", "-e", program];
  const child = spawn(process.execPath, args, {
    cwd: fileURLToPath(new URL(".", import.meta.url)),
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  assert.throws(() => takeGatewayLock(folder), /another gateway/);
  child.kill("SIGKILL");
  await once(child, "exit");
  takeGatewayLock(folder).release();
});
