import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, cpSync, existsSync, readFileSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { pageSteps, playPage } from "../testing/play_page.ts";
import { ENV } from "../testing/run_commands.ts";
import { tempFolder } from "../testing/temp_folder.ts";

const ROOT = resolve(import.meta.dirname, "../../..");

test("the tutorial's commands print what it says, from the demo's start to the cheated export", async (t) => {
  // npx itself takes half a second a command.
  const cwd = tempFolder({ "bin/npx": '#!/bin/bash\nexec node_modules/.bin/"$@"\n' });
  chmodSync(join(cwd, "bin/npx"), 0o755);
  cpSync(join(ROOT, "teams"), join(cwd, "teams"), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(cwd, "node_modules"));
  const env = {
    ...ENV,
    PATH: `${join(cwd, "bin")}:${ENV.PATH}`,
    HOME: cwd,
    XDG_CONFIG_HOME: cwd,
    PORT: "0",
    SANDBOX_PORT: "0",
    CONSOLE_PORT: "0",
  };
  const demo = spawn(process.execPath, [join(ROOT, "apps/cli/countersign.js"), "demo"], { cwd, env });
  t.after(async () => {
    demo.kill();
    if (demo.exitCode === null) await once(demo, "exit");
  });
  let said = "";
  for await (const line of createInterface(demo.stdout)) {
    said += `${line}\n`;
    if (line.includes("All keys and ids")) break;
  }
  assert.ok(existsSync(join(cwd, "data/demo/demo.json")), said);
  const { console: link } = JSON.parse(readFileSync(join(cwd, "data/demo/demo.json"), "utf8"));
  const steps = pageSteps(readFileSync(resolve(import.meta.dirname, "tutorial.md"), "utf8"));
  assert.ok(steps.length > 20);
  await playPage(steps, { cwd, env: { ...env, CONSOLE_URL: new URL(link).origin } });
});
