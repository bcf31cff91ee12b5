import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { test } from "node:test";
import { ENV, runCommands } from "../testing/run_commands.ts";
import { OPS } from "../testing/team_files.ts";
import { tempFolder } from "../testing/temp_folder.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
const cwd = tempFolder({ "teams/ops.yaml": OPS });

const [printed, json, stranger, elsewhere] = await runCommands(
  [
    { args: ["lead@acme.example"] },
    { args: ["Lead@ACME.example", "--json"] },
    { args: ["mallory@acme.example"] },
    { args: ["lead@acme.example"], env: { CONSOLE_URL: "https://console.acme.example" } },
  ].map(({ args, ...more }) => ({ args: ["console", "link", ...args], cwd, ...more })),
);

test("countersign console link prints a link for whom the policies name", () => {
  assert.equal(printed?.code, 0, printed?.stderr);
  assert.match(printed?.stdout ?? "", /^http:\/\/127\.0\.0\.1:8789\/sign-in\/link\/[\w-]{43}\n$/);
  assert.match(JSON.parse(json?.stdout ?? "").link, /\/sign-in\/link\/[\w-]{43}$/);
  assert.notEqual(JSON.parse(json?.stdout ?? "").link, printed?.stdout.trim());
});

test("countersign console link refuses others, and where others than this machine reach the console", () => {
  assert.deepEqual([stranger?.code, elsewhere?.code], [1, 1]);
  assert.match(stranger?.stderr ?? "", /the policies name no such approver, auditor or operator/);
  assert.match(
    elsewhere?.stderr ?? "",
    /CONSOLE_AUTH is "oidc", so people sign in with their company account/,
  );
});

test("countersign console serves until SIGTERM, and takes links that were printed beside it", async (t) => {
  const child = spawn(process.execPath, [`${ROOT}/apps/cli/countersign.js`, "console"], {
    cwd,
    env: { ...ENV, CONSOLE_PORT: "0" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  t.after(() => child.kill("SIGKILL"));
  let stderr = "";
  for await (const chunk of child.stderr) {
    stderr += chunk;
    if (stderr.includes("Ctrl-C ends it")) break;
  }
  const [, url = ""] = /serves on (http:\S+);/.exec(stderr) ?? [];
  const { pathname } = new URL(JSON.parse(json?.stdout ?? "").link);
  const signedIn = await fetch(`${url}${pathname}`, { redirect: "manual" });
  assert.equal(signedIn.status, 303, stderr);
  const exit = once(child, "exit");
  child.kill("SIGTERM");
  assert.deepEqual(await exit, [0, null], stderr);
});
