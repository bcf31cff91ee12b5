import { spawn } from "node:child_process";
import { once } from "node:events";

/** How a program is run. */
export interface RunBoundedOptions {
  readonly cwd: string;
  /** After so long, in milliseconds, it is ended with all that it started. */
  readonly atMostMs: number;
  /** Told of what it says by `process.send`. An error that this throws ends the program, and is thrown. */
  readonly onMessage: (message: unknown) => void;
}

/** How a program ended. */
export type BoundedEnd = "ok" | "failed" | "too long";

/** What gets a signal and has not ended after so long gets the one that nobody can refuse. */
const GRACE_MS = 5_000;

/** Runs Node with these arguments, and what it prints here; it, and whatever it started, never outlives its time or this process. */
export async function runBounded(
  args: readonly string[],
  { cwd, atMostMs, onMessage }: RunBoundedOptions,
): Promise<BoundedEnd> {
  // In a group of its own, since programs that hang have often started others.
  const child = spawn(process.execPath, args, {
    cwd,
    detached: true,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const end = (signal: NodeJS.Signals) => endGroup(child.pid, signal);
  const kill = () => end("SIGKILL");
  const interrupt = () => process.exit(130);
  process.once("exit", kill).once("SIGINT", interrupt).once("SIGTERM", interrupt);
  const timers: NodeJS.Timeout[] = [];
  let isTooLong = false;
  timers.push(
    setTimeout(() => {
      isTooLong = true;
      end("SIGTERM");
      timers.push(setTimeout(kill, GRACE_MS));
    }, atMostMs),
  );
  let wrong: { readonly error: unknown } | undefined;
  child.on("message", (message) => {
    try {
      onMessage(message);
    } catch (error) {
      wrong ??= { error };
      kill();
    }
  });
  const [code] = await once(child, "close");
  // What it left behind would be measured with whatever comes next.
  kill();
  for (const timer of timers) clearTimeout(timer);
  process.off("exit", kill).off("SIGINT", interrupt).off("SIGTERM", interrupt);
  if (wrong !== undefined) throw wrong.error;
  return isTooLong ? "too long" : code === 0 ? "ok" : "failed";
}

function endGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody of it is left.
  }
}
