import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { appendFileSync, cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type RunningSandbox, startSandbox } from "@countersign/sandbox";
import { requirePolicies } from "../policy/require_policies.ts";

const ROOT = resolve(import.meta.dirname, "../../..");

interface Serving {
  /** The working folder, with the data in it. */
  readonly dir: string;
  readonly teamsDir: string;
  /** MultiMail's, and the key for it. */
  readonly url: string;
  readonly key: string;
}

/** `countersign serve` in a process of its own. */
function spawnServe({ dir, teamsDir, url, key }: Serving) {
  return spawn(process.execPath, [join(ROOT, "apps/cli/countersign.js"), "serve"], {
    cwd: dir,
    env: {
      PATH: process.env.PATH,
      PORT: "0",
      DATA_DIR: join(dir, "data"),
      TEAMS_DIR: teamsDir,
      MULTIMAIL_API_URL: url,
      MULTIMAIL_API_KEY: key,
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
}

test("countersign serve reloads its policies on SIGHUP, lives on, and ends on SIGTERM", async (t) => {
  const dir = mkdtempSync(join(tmpdir(), "countersign-"));
  const teamsDir = join(dir, "teams");
  cpSync(join(ROOT, "teams"), teamsDir, { recursive: true });
  const sandbox = await startSandbox({ policies: await requirePolicies(teamsDir) });
  const child = spawnServe({ dir, teamsDir, url: sandbox.url, key: sandbox.apiKey });
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

/** Starts the gateway in a process of its own, and gives what it said by the time it ended. */
async function serveUntilEnd(t: TestContext, key: (sandbox: RunningSandbox) => string): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), "countersign-"));
  t.after(() => rmSync(dir, { recursive: true }));
  const teamsDir = join(ROOT, "teams");
  const sandbox = await startSandbox({ policies: await requirePolicies(teamsDir) });
  t.after(() => sandbox.close());
  const child = spawnServe({ dir, teamsDir, url: sandbox.url, key: key(sandbox) });
  t.after(() => child.kill("SIGKILL"));
  const chunks: Buffer[] = [];
  for await (const chunk of child.stderr) chunks.push(chunk as Buffer);
  const code = child.exitCode ?? (await new Promise((done) => child.once("exit", done)));
  const text = Buffer.concat(chunks).toString();
  assert.equal(code, 1, text);
  return text;
}

test("countersign serve does not start with a key that approves, nor with one that MultiMail does not know", async (t) => {
  const cases: readonly (readonly [name: string, key: (sandbox: RunningSandbox) => string, says: RegExp])[] =
    [
      [
        "oversight",
        ({ oversightKey }) => oversightKey,
        /Set MULTIMAIL_API_KEY to a key with .*scope oversight/,
      ],
      ["admin", ({ adminKey }) => adminKey, /Set MULTIMAIL_API_KEY to a key with .*scope admin/],
      ["wrong", () => "mm_test_nobody_knows_it", /Set MULTIMAIL_API_KEY to a key that MultiMail knows/],
    ];
  for (const [name, key, says] of cases) {
    await t.test(name, async (t) => {
      const text = await serveUntilEnd(t, key);
      assert.match(text, says);
      assert.doesNotMatch(text, /\n\s+at /, "no stack trace");
      assert.doesNotMatch(text, /mm_test_/);
      assert.ok(text.split("\n").length < 8, text);
    });
  }
});

test("npm start hands SIGTERM on: the gateway ends well", async (t) => {
  const dir = mkdtempSync(join(tmpdir(), "countersign-"));
  const teamsDir = join(ROOT, "teams");
  const sandbox = await startSandbox({ policies: await requirePolicies(teamsDir) });
  const child = spawn("npm", ["start"], {
    cwd: ROOT,
    env: {
      ...process.env,
      PORT: "0",
      DATA_DIR: join(dir, "data"),
      TEAMS_DIR: teamsDir,
      MULTIMAIL_API_URL: sandbox.url,
      MULTIMAIL_API_KEY: sandbox.apiKey,
    },
    stdio: ["ignore", "ignore", "pipe"],
    detached: true,
  });
  let stderr = "";
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise((done) => child.stderr.once("end", done));
  t.after(async () => {
    try {
      process.kill(-(child.pid ?? 0), "SIGKILL");
    } catch {
      // Nothing of it is left.
    }
    await sandbox.close();
    rmSync(dir, { recursive: true });
  });
  for (const end = Date.now() + 60_000; !stderr.includes("Ctrl-C ends it"); await sleep(20)) {
    assert.ok(Date.now() < end && child.exitCode === null, stderr);
  }
  child.kill("SIGTERM");
  // The gateway holds the pipe as long as it lives.
  await ended;
  assert.match(stderr, /The gateway has ended/);
});
