import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** As large as the files of all policies together may be. */
const MAX_OUTPUT = 256 * 1024 ** 2;

/**
 * What a repository's own configuration could make git run, switched off: hooks, a watcher of files, whatever fetches objects
 * that are not here. Only commands that read objects are used, which convert nothing and page nothing.
 */
const QUIET = [
  ...["-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "protocol.allow=never"],
  "--no-pager",
];

const run = promisify(execFile);

/** What git is asked, and where. */
export interface RunGitOptions {
  /** Default: where the program runs. */
  readonly cwd?: string;
  /** Milliseconds after which it is ended. @default 30000 */
  readonly timeout?: number;
}

/** What a command of git that only reads objects prints; undefined: it fails, or there is no git. */
export async function runGit(
  args: readonly string[],
  { cwd, timeout = 30_000 }: RunGitOptions = {},
): Promise<Buffer | undefined> {
  try {
    const { stdout } = await run("git", [...QUIET, ...args], {
      ...(cwd !== undefined && { cwd }),
      encoding: "buffer",
      env: { ...process.env, GIT_NO_LAZY_FETCH: "1", GIT_OPTIONAL_LOCKS: "0", GIT_TERMINAL_PROMPT: "0" },
      maxBuffer: MAX_OUTPUT,
      timeout,
    });
    return stdout;
  } catch {
    return undefined;
  }
}
