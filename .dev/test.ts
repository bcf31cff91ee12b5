/**
 * Runs every `*_test.ts`, or those whose path contains one of the arguments. Node 20's own search does not find such
 * names and ends well without having run anything: so the files are listed here, a file in which no test ran fails, and
 * so does a run without any. The last line is `N passed, N failed, N skipped`.
 *
 * TEST_CONCURRENCY: how many files run together (default: the number of processors).
 */
import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { relative, resolve } from "node:path";
import { finished } from "node:stream/promises";
import { run } from "node:test";

const ROOT = resolve(import.meta.dirname, "..");
/** A file that runs longer hangs. */
const SLOW_FILE_MS = 180_000;

const wanted = process.argv.slice(2);
const files = ["packages", "apps", ".dev"].flatMap(testFiles).filter(isWanted).sort();
if (files.length === 0) {
  console.error(`No test file matches: ${wanted.join(" ") || "*_test.ts"}`);
  console.log("0 passed, 0 failed, 0 skipped");
  process.exit(1);
}

const count = { passed: 0, failed: 0, skipped: 0 };
const concurrency = Number(process.env.TEST_CONCURRENCY ?? availableParallelism());
const startedAt = Date.now();

const queue = files.values();
await Promise.all(
  Array.from({ length: concurrency }, async () => {
    for (const file of queue) await runFile(file);
  }),
);
console.log(`\n${files.length} files in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
process.exitCode = count.failed > 0 || count.passed === 0 ? 1 : 0;

/** Runs one file in a process of its own and adds up what came out: also tests that it took from another file. */
async function runFile(file: string): Promise<void> {
  let ran = 0;
  const stream = run({ files: [file], timeout: SLOW_FILE_MS });
  stream.on("test:pass", ({ name, skip, todo, details }) => {
    if (name === file || details.type === "suite") return;
    ran++;
    if (skip !== undefined || todo !== undefined) count.skipped++;
    else count.passed++;
  });
  stream.on("test:fail", ({ name, details }) => {
    if (details.type === "suite") return;
    ran++;
    const { error } = details;
    const cause = error.cause instanceof Error ? error.cause : error;
    // A parent fails because of its subtests, which have been counted and shown themselves.
    if (/^\d+ subtests? failed$/.test(cause.message)) return;
    count.failed++;
    console.log(`\n✖ ${relative(ROOT, file)}: ${name}\n${indent(cause.stack ?? String(cause))}`);
  });
  stream.on("test:stderr", ({ message }) => process.stderr.write(message));
  stream.on("test:stdout", ({ message }) => process.stdout.write(message));
  await finished(stream.resume());
  if (ran > 0) return;
  count.failed++;
  console.log(`\n✖ ${relative(ROOT, file)}: no test ran`);
}

function testFiles(folder: string): string[] {
  return readdirSync(resolve(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith("_test.ts") && !file.includes("node_modules"))
    .map((file) => resolve(ROOT, folder, file));
}

function isWanted(file: string): boolean {
  return wanted.length === 0 || wanted.some((part) => file.includes(part));
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, "    ");
}
