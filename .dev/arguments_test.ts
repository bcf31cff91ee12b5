/** What our own programs say when they are asked wrongly, or for help. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";

const ROOT = resolve(import.meta.dirname, "..");
const { scripts } = JSON.parse(readFileSync(resolve(ROOT, "package.json"), "utf8")) as {
  readonly scripts: Readonly<Record<string, string>>;
};

/** As npm runs it, with these arguments. */
function run(script: string, arg: string) {
  const [program = "", ...args] = scripts[script]?.split(" ") ?? [];
  assert.equal(program, "node");
  return spawnSync(process.execPath, [...args, arg], { cwd: ROOT, encoding: "utf8" });
}

test("bench, build, soak, crash, test and generate show help, and say in a line what they cannot understand", async (t) => {
  for (const script of ["bench", "build", "soak", "crash", "test", "generate"]) {
    await t.test(script, () => {
      const help = run(script, "--help");
      assert.match(help.stdout, new RegExp(`^Usage: npm (?:run )?${script}\\b`));
      assert.deepEqual([help.status, help.stderr], [0, ""]);
      const wrong = run(script, "--minuts");
      assert.match(wrong.stderr, /^Unknown option "--minuts": (?:did you mean|write) "[^\n]+\n$/);
      assert.deepEqual([wrong.status, wrong.stdout], [64, ""]);
    });
  }
});

test("bench says which benchmarks there are when there is no such", () => {
  const { status, stderr } = run("bench", "no-such-part");
  assert.match(stderr, /^No benchmark has "no-such-part" in its path: [^\n]+\n$/);
  assert.equal(status, 64);
});
