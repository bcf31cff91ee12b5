/**
 * How long commands take from their start to their end, from source, in processes of their own by turns, compared with
 * Node's own: `node -e 0`. What a command reads is small: the repository's policies, and a trail of one record.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { openSqliteTrail } from "@countersign/trail/sqlite";

const ROUNDS = 9;
const PROGRAM = resolve(import.meta.dirname, "countersign.js");
const ROOT = resolve(import.meta.dirname, "../..");

/** What is run, and the most that it may take, in times of Node's own. Aims of 0.25 s and 0.5 s where Node takes 0.14 s. */
const COMMANDS: readonly { readonly args: readonly string[]; readonly aim?: string }[] = [
  { args: ["--version"], aim: "<= 1.8" },
  { args: ["--help"] },
  { args: ["check"] },
  { args: ["explain", "finance"], aim: "<= 3.6" },
  { args: ["audit", "list"] },
];

const folder = mkdtempSync(join(tmpdir(), "countersign-"));
try {
  const trail = await openSqliteTrail(join(folder, "trail.sqlite"));
  await trail.close();
  const env = { ...process.env, TEAMS_DIR: join(ROOT, "teams"), DATA_DIR: folder };
  const run = (args: readonly string[]): number => {
    const start = performance.now();
    const { status, stderr } = spawnSync(process.execPath, args, { env, encoding: "utf8" });
    if (status !== 0) throw new Error(`Cannot run ${args.join(" ")}: ${stderr}`);
    return performance.now() - start;
  };
  const runs = [["-e", "0"], ...COMMANDS.map(({ args }) => [PROGRAM, ...args])];
  const times = runs.map((): number[] => []);
  // The first round fills the cache of compiled sources, and does not count.
  for (let round = 0; round <= ROUNDS; round++)
    for (const [index, args] of runs.entries()) {
      const took = run(args);
      if (round > 0) times[index]?.push(took);
    }
  const [node = 0, ...medians] = times.map((list) => list.sort((a, b) => a - b)[list.length >> 1] ?? 0);
  console.log(`node -e 0: ${node.toFixed(0)} ms`);
  for (const [index, { args, aim }] of COMMANDS.entries()) {
    const value = medians[index] ?? 0;
    const what = `countersign ${args.join(" ")}`;
    console.log(`${what.padEnd(28)} ${value.toFixed(0)} ms, ${(value / node).toFixed(1)} × node -e 0`);
    process.send?.({ what, value, unit: "ms", ratio: value / node, to: "node -e 0", ...(aim && { aim }) });
  }
} finally {
  rmSync(folder, { recursive: true });
}
