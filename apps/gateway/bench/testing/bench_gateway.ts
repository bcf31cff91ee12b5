import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { withFreshKeys } from "@countersign/lifecycle/testing/with-fresh-keys";
import { BENCH_TEAMS } from "./bench_teams.ts";
import { type RunningProgram, startProgram } from "./start_program.ts";

/** A gateway in a process of its own, as `npm start` runs it, with its trail in SQLite and a folder of its own. */
export interface BenchGateway extends RunningProgram {
  /** Of the one assistant. */
  readonly key: string;
  /** From its start until it served, in milliseconds. */
  readonly startMs: number;
  /** Where its policies are. */
  readonly teamsDir: string;
  /** The trail's file. */
  readonly database: string;
  /** Starts another one with the same folder and environment, which shares a trail that is in PostgreSQL. */
  another(): Promise<RunningProgram>;
}

/** How a gateway is started. */
export interface BenchGatewayOptions {
  readonly upstream: string;
  /** More policies, by file name. */
  readonly teams?: Readonly<Record<string, string>>;
  /** More of the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Arguments of node's own. */
  readonly node?: readonly string[];
}

/** What `npm start` gives node. */
const NODE = ["--max-semi-space-size=8"];
const COMMAND = fileURLToPath(new URL("../../../cli/countersign.js", import.meta.url));

/** Starts a gateway before `upstream`. Its folder goes when it is closed. */
export async function startBenchGateway({
  upstream,
  teams: more = {},
  env,
  node = [],
}: BenchGatewayOptions): Promise<BenchGateway> {
  const dir = await mkdtemp(join(tmpdir(), "countersign-bench-"));
  const { teams, keys } = withFreshKeys(BENCH_TEAMS);
  const [teamsDir, dataDir] = [join(dir, "teams"), join(dir, "data")];
  await mkdir(teamsDir);
  for (const [name, text] of Object.entries({ ...more, ...teams }))
    await writeFile(join(teamsDir, name), text);
  const variables = {
    PORT: "0",
    DATA_DIR: dataDir,
    TEAMS_DIR: teamsDir,
    MULTIMAIL_API_URL: upstream,
    MULTIMAIL_API_KEY: "mm_test_bench",
    LOG_LEVEL: "error",
    ...env,
  };
  const another = () => startProgram([...NODE, ...node, COMMAND, "serve"], variables);
  const startedAt = performance.now();
  const program = await another();
  const startMs = performance.now() - startedAt;
  return {
    another,
    ...program,
    startMs,
    teamsDir,
    key: keys.get("bench/bot") ?? "",
    database: join(dataDir, "trail.sqlite"),
    close: async () => {
      await program.close();
      await rm(dir, { recursive: true });
    },
  };
}
