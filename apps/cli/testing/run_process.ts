import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { text } from "node:stream/consumers";
import { type CommandLine, type CommandResult, ENV } from "./run_commands.ts";

/** How to run a process. */
export interface RunProcessOptions extends CommandLine {
  /** What is piped in. */
  readonly input?: string;
}

/** Runs one command line as its users do: `countersign.js` in a process of its own. */
export async function runProcess({
  args,
  cwd,
  env = {},
  input = "",
}: RunProcessOptions): Promise<CommandResult> {
  const program = resolve(import.meta.dirname, "../countersign.js");
  const child = spawn(process.execPath, [program, ...args], { cwd, env: { ...ENV, ...env } });
  child.stdin.end(input);
  const exited = new Promise<number>((done) => child.once("close", (code) => done(code ?? -1)));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
  return { code, stdout, stderr };
}
