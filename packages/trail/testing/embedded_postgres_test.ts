import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";

test("embeddedPostgres() leaves a process its own exit code", () => {
  const module = import.meta.resolve("./_embedded_postgres.ts");
  for (const code of [0, 3]) {
    const text = `const { embeddedPostgres } = await import("${module}"); await embeddedPostgres(); process.exitCode = ${code};`;
    const args = ["--import", "tsx", "--input-type=module", "--eval", text];
    const { status, stderr } = spawnSync(process.execPath, args, {
      cwd: import.meta.dirname,
      encoding: "utf8",
    });
    assert.equal(status, code, stderr);
  }
});
