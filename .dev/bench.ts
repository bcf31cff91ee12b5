/**
 * Runs benchmarks: see `USAGE`. A benchmark prints what it likes, and tells its figures by `process.send?.(figure)`: see
 * `Figure`. They are ratios to something that it measures in the same run, since machines differ, and are noisy.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { basename, resolve } from "node:path";
import { takeArguments } from "@countersign/host/arguments";
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
  "queue",
  "email",
  "postgres",
];

const USAGE = `Usage: npm run bench -- [--json FILE] [WORD...]

Runs every benchmark, or those whose path contains one of the words, one after the other, and prints one table at the end.
Each figure is a ratio to something named that was measured in the same run. Exits 1 when a benchmark fails.

  --json FILE  writes the table as JSON too
  WORD         such as ${PARTS.slice(0, -1).join(", ")} or ${PARTS.at(-1)}`;

const { json, wanted } = takeArguments({
  usage: USAGE,
  options: { json: { type: "string" } },
  words: "any",
  read: ({ values, positionals }) => ({ json: values.json, wanted: positionals }),
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
if (files.length === 0) {
  console.error(
    `No benchmark has "${wanted.join('" or "')}" in its path: npm run bench -- --help names them`,
  );
  process.exit(64);
}

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
if (json !== undefined) {
  const told = figures.map((figure) => ({ ...figure, reached: isReached(figure) ?? null }));
  writeFileSync(json, `${JSON.stringify({ machine, parts, figures: told }, null, 2)}\n`);
}

function partOf(file: string): string {
  return basename(file, "_bench.ts");
}

function placeOf(file: string): number {
  const place = PARTS.indexOf(partOf(file));
  return place < 0 ? PARTS.length : place;
}
