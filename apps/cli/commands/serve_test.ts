import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { appendFileSync, cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startSandbox } from "@countersign/sandbox";
import { loadPolicies } from "../load_policies.ts";

const ROOT = resolve(import.meta.dirname, "../../..");

test("countersign serve reloads its policies on SIGHUP, lives on, and ends on SIGTERM", async (t) => {
  const dir = mkdtempSync(join(tmpdir(), "countersign-"));
  const teamsDir = join(dir, "teams");
  cpSync(join(ROOT, "teams"), teamsDir, { recursive: true });
  const sandbox = await startSandbox({ policies: await loadPolicies(teamsDir) });
  const child = spawn(process.execPath, [join(ROOT, "apps/cli/countersign.js"), "serve"], {
    cwd: dir,
    env: {
      PATH: process.env.PATH,
      PORT: "0",
      DATA_DIR: join(dir, "data"),
      TEAMS_DIR: teamsDir,
      MULTIMAIL_API_URL: sandbox.url,
      MULTIMAIL_API_KEY: sandbox.apiKey,
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  t.after(async () => {
    child.kill("SIGKILL");
    await sandbox.close();
    rmSync(dir, { recursive: true });
  });
  const until = async (text: string) => {
    for (const end = Date.now() + 60_000; !stderr.includes(text); await sleep(20)) {
      assert.equal(child.exitCode, null, stderr);
      assert.ok(Date.now() < end, `No "${text}" in:\n${stderr}`);
    }
  };

  await until("Ctrl-C ends it");
  child.kill("SIGHUP");
  await until("The policies are unchanged");
  appendFileSync(join(teamsDir, "sales.yaml"), "oversihgt: autonomous\n");
  child.kill("SIGHUP");
  await until("sales.yaml:");
  assert.match(stderr, /sales\.yaml:\d+:1: Unknown key \\"oversihgt\\"/);
  child.kill("SIGTERM");
  const [code] = await new Promise<[number | null]>((done) => child.on("exit", (code) => done([code])));
  assert.equal(code, 0, stderr);
});
