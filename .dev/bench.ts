/**
 * Runs every `*_bench.ts`, or those whose path contains one of the arguments, one after the other, and prints one table at
 * the end; `--json FILE` writes it as JSON too. A benchmark prints what it likes, and tells its figures by
 * `process.send?.(figure)`: see `Figure`. They are ratios to something that it measures in the same run, since machines
 * differ, and are noisy.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { basename, resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Figure, figureTable, isReached, readFigure } from "./figure.ts";

const ROOT = resolve(import.meta.dirname, "..");

/** The order of the table; others come after them. */
const PARTS = [
  "throughput",
  "append",
  "decide",
  "scan",
  "verify",
  "export",
  "reload",
  "start",
  "memory",
  "postgres",
];

const { values, positionals: wanted } = parseArgs({
  options: { json: { type: "string" } },
  allowPositionals: true,
});
const files = ["packages", "apps"]
  .flatMap((folder) =>
    readdirSync(resolve(ROOT, folder), { recursive: true, encoding: "utf8" }).map(
      (file) => `${folder}/${file}`,
    ),
  )
  .filter((file) => file.endsWith("_bench.ts") && !file.includes("node_modules"))
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .sort((a, b) => placeOf(a) - placeOf(b) || a.localeCompare(b));
if (files.length === 0)
  throw new Error(`There is no benchmark whose path contains "${wanted.join('" or "')}"`);

const figures: (Figure & { readonly part: string })[] = [];
const parts: { readonly part: string; readonly seconds: number; readonly ok: boolean }[] = [];
for (const file of files) {
  console.log(`\n${file}`);
  const part = partOf(file);
  const startedAt = performance.now();
  const child = spawn(process.execPath, ["--import", "tsx", file], {
    cwd: ROOT,
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  child.on("message", (message) => figures.push({ part, ...readFigure(message) }));
  const [code] = await once(child, "close");
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  parts.push({ part, seconds, ok: code === 0 });
  if (code !== 0) process.exitCode = 1;
}

const [cpu] = cpus();
const machine = {
  cpu: cpu?.model ?? "unknown",
  cores: cpus().length,
  memoryGb: Math.round(totalmem() / 2 ** 30),
  system: `${process.platform} ${process.arch}`,
  node: process.version,
};
console.log(`\n${figureTable(figures)}`);
console.log(
  `\n${machine.cores} × ${machine.cpu}, ${machine.memoryGb} GB, ${machine.system}, node ${machine.node}`,
);
console.log(parts.map(({ part, seconds, ok }) => `${part} ${seconds} s${ok ? "" : " FAILED"}`).join(", "));
if (values.json !== undefined) {
  const told = figures.map((figure) => ({ ...figure, reached: isReached(figure) ?? null }));
  writeFileSync(values.json, `${JSON.stringify({ machine, parts, figures: told }, null, 2)}\n`);
}

function partOf(file: string): string {
  return basename(file, "_bench.ts");
}

function placeOf(file: string): number {
  const place = PARTS.indexOf(partOf(file));
  return place < 0 ? PARTS.length : place;
}
