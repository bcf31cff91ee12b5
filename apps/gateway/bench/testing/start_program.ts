import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

/** A program in a process of its own that serves. */
export interface RunningProgram {
  /** Where it serves. */
  readonly url: string;
  readonly pid: number;
  /** Ends it, and resolves when it has ended. */
  close(): Promise<void>;
}

/**
 * Starts a program with node, and waits for the address that it prints.
 *
 * @throws {Error} with what it printed, when it ends before
 */
export async function startProgram(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<RunningProgram> {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const kill = () => void child.kill("SIGKILL");
  process.once("exit", kill);
  const ended = once(child, "exit");
  const url = await addressOf(child);
  return {
    url,
    pid: child.pid ?? 0,
    close: async () => {
      process.removeListener("exit", kill);
      child.kill("SIGTERM");
      await ended;
    },
  };
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        if (printed.length < 10_000) printed += text;
        const url = /http:\/\/[\w.:]+\d/.exec(printed)?.[0];
        if (url !== undefined && printed.endsWith("\n")) resolve(url);
      });
    }
    child.once("exit", () => reject(new Error(`Cannot start ${child.spawnargs.join(" ")}: ${printed}`)));
  });
}
