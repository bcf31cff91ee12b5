import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";

/** One command line of `countersign`, and where it is run. */
export interface CommandLine {
  readonly args: readonly string[];
  readonly cwd: string;
  /** Added to the environment, from which the product's own variables are taken out. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What a command did. */
export interface CommandResult {
  /** Its exit code. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs command lines one after the other in one child process, and resolves to what each did. */
export async function runCommands(lines: readonly CommandLine[]): Promise<readonly CommandResult[]> {
  const folder = mkdtempSync(join(tmpdir(), "countersign-"));
  const list = join(folder, "lines.json");
  writeFileSync(list, JSON.stringify(lines));
  const child = spawn(
    process.execPath,
    ["--import", "tsx", resolve(import.meta.dirname, "_batch.ts"), list],
    {
      cwd: import.meta.dirname,
      env: ENV,
      stdio: ["ignore", "inherit", "inherit", "pipe"],
    },
  );
  const results = await text(child.stdio[3] as NodeJS.ReadableStream);
  rmSync(folder, { recursive: true });
  return JSON.parse(results) as readonly CommandResult[];
}

const OURS = /^(?:TEAMS_DIR|DATA_DIR|DATABASE_URL|AUDIT_|MULTIMAIL_)/;

/** This process' environment, without what would point a command at somebody's data. */
export const ENV: NodeJS.ProcessEnv = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !OURS.test(name)),
);
