/**
 * Runs tests: see `USAGE`. Node 20's own search does not find such names and ends well without having run anything: so the
 * files are listed here, a file in which no test ran fails, and so does a run without any.
 */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, relative, resolve, sep } from "node:path";
import { finished } from "node:stream/promises";
import { run } from "node:test";
import { pathToFileURL } from "node:url";
import { takeArguments } from "@countersign/host/arguments";

const ROOT = resolve(import.meta.dirname, "..");
/** Files that run longer hang: long, since a loaded machine may take ten times as long as a quiet one. */
const SLOW_MS = 900_000;

/** How many files of a workspace run in one process: starting one, and compiling what they share, takes seconds. */
const FILES_PER_PROCESS = 16;

/** So many files are named at the end, where time is to be won. */
const SLOWEST = 20;

const USAGE = `Usage: npm test -- [WORD...]

Runs every *_test.ts and *_test.tsx, or those whose path contains one of the words. The last line is "N passed, N failed, N skipped".

  TEST_CONCURRENCY  how many processes run together (default: one more than there are processors, since tests also wait)`;

const wanted = takeArguments({
  usage: USAGE,
  options: {},
  words: "any",
  read: ({ positionals }) => positionals,
});
const files = ["packages", "apps", ".dev"].flatMap(testFiles).filter(isWanted).sort();
if (files.length === 0) {
  console.error(`No test file matches: ${wanted.join(" ") || "*_test.ts"}`);
  console.log("0 passed, 0 failed, 0 skipped");
  process.exit(1);
}

const count = { passed: 0, failed: 0, skipped: 0 };
const concurrency = Number(process.env.TEST_CONCURRENCY ?? availableParallelism() + 1);
const startedAt = Date.now();
const entries = mkdtempSync(join(tmpdir(), "countersign-tests-"));
process.on("exit", () => rmSync(entries, { recursive: true }));

const queue = groups().entries();
let done = 0;
/** From when the file before it ended, so that starting a process counts for its first file. */
const times: { readonly file: string; readonly ms: number }[] = [];
const progress = setInterval(showProgress, process.stderr.isTTY ? 1_000 : 60_000);
await Promise.all(
  Array.from({ length: concurrency }, async () => {
    for (const [index, group] of queue) await runGroup(group, join(entries, `${index}.mjs`));
  }),
);
clearInterval(progress);
if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
console.log(`\n${files.length} files in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
if (files.length > SLOWEST) {
  const slowest = times.sort((a, b) => b.ms - a.ms).slice(0, SLOWEST);
  const lines = slowest.map(({ file, ms }) => `  ${(ms / 1000).toFixed(1)} s ${relative(ROOT, file)}`);
  console.log(`The slowest:\n${lines.join("\n")}`);
}
console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
process.exitCode = count.failed > 0 || count.passed === 0 ? 1 : 0;

/** Runs files in one process, one after the other, and adds up what came out: also tests taken from another file. */
async function runGroup(group: readonly string[], entry: string): Promise<void> {
  writeFileSync(entry, entryText(group, entry));
  // Those whose end has not come. A test with a file's name marks its end.
  const left = [...group];
  let ran = 0;
  let begunAt = Date.now();
  const isMark = (name: string) => {
    if (name !== left[0]) return name === entry;
    left.shift();
    done++;
    times.push({ file: name, ms: Date.now() - begunAt });
    begunAt = Date.now();
    if (ran === 0) fail([name], "no test ran");
    ran = 0;
    return true;
  };
  const stream = run({ files: [entry], timeout: SLOW_MS });
  stream.on("test:pass", ({ name, skip, todo, details }) => {
    if (details.type === "suite" || isMark(name)) return;
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
    const isEntry = name === entry;
    fail(
      isEntry ? left : left.slice(0, 1),
      isEntry ? "could not be run" : name,
      cause.stack ?? String(cause),
    );
  });
  stream.on("test:stderr", ({ message }) => process.stderr.write(message));
  stream.on("test:stdout", ({ message }) => process.stdout.write(message));
  await finished(stream.resume());
  if (left.length > 0) fail(left, "did not end");
}

/** How far it is, and how long it may take: a line that changes for a person, now and then one for a log. */
function showProgress(): void {
  const passed = (Date.now() - startedAt) / 1_000;
  const left = done === 0 ? "" : `, about ${clockText((passed / done) * (files.length - done))} left`;
  const line = `${done} of ${files.length} files after ${clockText(passed)}${left}; ${count.failed} failed`;
  process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${line}` : `${line}\n`);
}

/** `6:05` */
function clockText(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

function fail(where: readonly string[], what: string, why = ""): void {
  count.failed++;
  const names = where.map((file) => relative(ROOT, file)).join(", ");
  console.log(`\n✖ ${names}: ${what}${why && `\n${indent(why)}`}`);
}

/**
 * What such a process runs. A test of its own waits until all files are loaded: without it, node:test would end as soon
 * as the tests of the first ones are over, while others still start what they need. Tests run in the order in which they
 * are registered, so that one after each file marks its end.
 */
function entryText(group: readonly string[], name: string): string {
  const files = group.map((file) => ({ file, url: pathToFileURL(file).href }));
  return `import { test } from "node:test";
// Each file may clean up after itself.
process.setMaxListeners(0);
const loaded = (async () => {
  for (const { file, url } of ${JSON.stringify(files)}) {
    await import(url);
    test(file, () => {});
  }
})();
test(${JSON.stringify(name)}, () => loaded);
`;
}

/** Files of one workspace, a few together. */
function groups(): readonly (readonly string[])[] {
  const list: string[][] = [];
  for (const file of files) {
    const last = list.at(-1);
    const isNeighbour = last?.[0] !== undefined && workspaceOf(last[0]) === workspaceOf(file);
    if (isNeighbour && last.length < FILES_PER_PROCESS) last.push(file);
    else list.push([file]);
  }
  return list;
}

/** `apps/gateway` */
function workspaceOf(file: string): string {
  return relative(ROOT, file).split(sep, 2).join("/");
}

function testFiles(folder: string): string[] {
  return readdirSync(resolve(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => /_test\.tsx?$/.test(file) && !file.includes("node_modules"))
    .map((file) => resolve(ROOT, folder, file));
}

function isWanted(file: string): boolean {
  return wanted.length === 0 || wanted.some((part) => file.includes(part));
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, "    ");
}
