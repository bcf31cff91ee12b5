import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("../countersign.js", import.meta.url));
const TEAM = `team: finance
description: Invoices
mailbox: { id: 01KJ1NHN8J5Q0V4Y8Z3T6R2W9C, address: finance@acme.multimail.dev }
oversight: gated_send
approvers: [lead@acme.example]
assistants: [{ id: chaser }]
recipients: { internal: [acme.example], skip_approval: ["*@acme.example"] }
`;

async function makeFolder(t: TestContext, team: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "sandbox-"));
  t.after(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, "teams"));
  await writeFile(join(folder, "teams", "finance.yaml"), team);
  return folder;
}

function run(folder: string, ...args: string[]): ChildProcess {
  const { NODE_OPTIONS: _, NODE_TEST_CONTEXT: __, ...env } = process.env;
  return spawn(process.execPath, [PROGRAM, "sandbox", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...env, SANDBOX_PORT: "0", DATA_DIR: join(folder, "data"), TEAMS_DIR: join(folder, "teams") },
  });
}

async function finish(child: ChildProcess): Promise<{ code: unknown; err: string }> {
  const exit = once(child, "exit");
  const err = child.stderr === null ? "" : await text(child.stderr);
  return { code: (await exit)[0], err };
}

test("countersign sandbox serves the teams' mailboxes, keeps its keys private and ends well", {
  timeout: 30_000,
}, async (t) => {
  const folder = await makeFolder(t, TEAM);
  const child = run(folder);
  t.after(() => child.kill("SIGKILL"));
  let line = "";
  for await (const chunk of child.stdout ?? []) {
    line += chunk;
    if (line.endsWith("\n")) break;
  }
  const dir = join(folder, "data", "sandbox");
  assert.deepEqual(await readdir(dir), ["sandbox.json"]);
  const path = join(dir, "sandbox.json");
  const file = JSON.parse(await readFile(path, "utf8"));
  assert.equal((await stat(dir)).mode & 0o777, 0o700);
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  assert.equal(line, `Sandbox listens on ${file.url} with 1 mailbox; its keys are in ${path}\n`);
  assert.deepEqual(Object.keys(file), [
    "url",
    "api_key",
    "oversight_key",
    "admin_key",
    "webhook_secret",
    "mailboxes",
  ]);
  const [mailbox] = file.mailboxes;
  assert.deepEqual(mailbox, {
    id: "01KJ1NHN8J5Q0V4Y8Z3T6R2W9C",
    address: "finance@acme.multimail.dev",
    oversight_mode: "gated_send",
  });
  const response = await fetch(`${file.url}/v1/mailboxes/${mailbox.id}/allowlist`, {
    headers: { authorization: `Bearer ${file.api_key}` },
  });
  const { entries } = (await response.json()) as { entries: { pattern: string }[] };
  assert.deepEqual(
    entries.map(({ pattern }) => pattern),
    ["*@acme.example"],
  );
  child.kill("SIGTERM");
  assert.deepEqual(await once(child, "exit"), [0, null]);
});

test("countersign sandbox refuses arguments, in one line that says what to write, and wrong policies", {
  timeout: 30_000,
}, async (t) => {
  const folder = await makeFolder(t, TEAM.replace("recipients:", "recipient:"));
  const [unknown, wrong] = await Promise.all([finish(run(folder, "--port", "1")), finish(run(folder))]);
  assert.equal(unknown.code, 64);
  assert.match(unknown.err, /^Unknown option "--port".*\n$/);
  assert.equal(wrong.code, 1);
  assert.match(wrong.err, /finance\.yaml:\d+:\d+: .*recipient/);
});
