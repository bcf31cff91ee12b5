/**
 * Runs every `*_bench.ts`, or those whose path contains one of the arguments, one after the other. Each prints its
 * figures, as ratios to something that it measures in the same run: machines differ, and are noisy.
 */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "..");
const wanted = process.argv.slice(2);
const files = ["packages", "apps"]
  .flatMap((folder) =>
    readdirSync(resolve(ROOT, folder), { recursive: true, encoding: "utf8" }).map(
      (file) => `${folder}/${file}`,
    ),
  )
  .filter((file) => file.endsWith("_bench.ts") && !file.includes("node_modules"))
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .sort();

for (const file of files) {
  console.log(`\n${file}`);
  const { status } = spawnSync(process.execPath, ["--import", "tsx", file], { cwd: ROOT, stdio: "inherit" });
  if (status !== 0) process.exitCode = 1;
}
