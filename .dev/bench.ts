/**
 * Runs benchmarks: see `USAGE`. A benchmark prints what it likes, and tells its figures by `process.send?.(figure)`: see
 * `Figure`. They are ratios to something that it measures in the same run, since machines differ, and are noisy.
 */
import { readdirSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { basename, resolve } from "node:path";
import { takeArguments } from "@countersign/host/arguments";
import { type Figure, figureTable, isReached, readFigure } from "./figure.ts";
import { type BoundedEnd, runBounded } from "./run_bounded.ts";

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

/** Each takes less than two minutes where nobody else is; one that hangs does not keep the others from being run. */
const AT_MOST_S = 240;

const USAGE = `Usage: npm run bench -- [--json FILE] [--at-most SECONDS] [WORD...]

Runs every benchmark, or those whose path contains one of the words, one after the other, and prints one table at the end.
Each figure is a ratio to something named that was measured in the same run. Exits 1 when a benchmark fails, or takes too long.

  --json FILE        writes the table as JSON too
  --at-most SECONDS  ends a benchmark after so long (default ${AT_MOST_S}), with what it told by then in the table
  WORD               such as ${PARTS.slice(0, -1).join(", ")} or ${PARTS.at(-1)}`;

const { json, atMost, wanted } = takeArguments({
  usage: USAGE,
  options: { json: { type: "string" }, "at-most": { type: "string", default: String(AT_MOST_S) } },
  words: "any",
  read: ({ values, positionals }) => ({
    json: values.json,
    atMost: Number(values["at-most"]),
    wanted: positionals,
  }),
});
if (!(atMost > 0 && atMost <= 3_600)) {
  console.error("--at-most must be a number of seconds, above 0 and at most 3600");
  process.exit(64);
}
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
const parts: { readonly part: string; readonly seconds: number; readonly end: BoundedEnd }[] = [];
for (const file of files) {
  console.log(`\n${file}`);
  const part = partOf(file);
  const startedAt = performance.now();
  const end = await runBounded(["--import", "tsx", file], {
    cwd: ROOT,
    atMostMs: 1000 * atMost,
    onMessage: (message) => figures.push({ part, ...readFigure(message) }),
  });
  if (end === "too long") console.error(`${file} has not ended after ${atMost} s: it was ended`);
  if (end !== "ok") process.exitCode = 1;
  parts.push({ part, seconds: Math.round((performance.now() - startedAt) / 1000), end });
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
const says: Readonly<Record<BoundedEnd, string>> = { ok: "", failed: " FAILED", "too long": " TOO LONG" };
console.log(parts.map(({ part, seconds, end }) => `${part} ${seconds} s${says[end]}`).join(", "));
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
