/**
 * Runs the command lines in the JSON file that it is given, one after the other, and writes what each did to
 * descriptor 3. A process of its own for each would take a second to start.
 */
import { readFileSync, writeSync } from "node:fs";
import { runCli } from "../run_cli.ts";
import type { CommandLine, CommandResult } from "./run_commands.ts";

const lines = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as readonly CommandLine[];
const outside = { ...process.env };
const results: CommandResult[] = [];
for (const { args, cwd, env = {} } of lines) {
  const text = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    process[name].write = (chunk: string | Uint8Array) => {
      text[name] += chunk.toString();
      return true;
    };
  }
  process.chdir(cwd);
  process.env = { ...outside, ...env };
  await runCli(args);
  results.push({ ...text, code: Number(process.exitCode ?? 0) });
  process.exitCode = 0;
}
writeSync(3, JSON.stringify(results));
