import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { PolicyFile } from "@countersign/core/policy";

/** As large as a policy may be, and as many. */
const MAX_BYTES = 1024 ** 2;
const MAX_OUTPUT = 256 * MAX_BYTES;

/**
 * What a repository's own configuration could make git run, switched off: hooks, a watcher of files, whatever fetches objects
 * that are not here. Only commands that read objects are used, which convert nothing and page nothing.
 */
const QUIET = [
  ...["-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "protocol.allow=never"],
  "--no-pager",
];

const run = promisify(execFile);

/** The folder's path in its repository, as `git show` takes it after a colon; undefined: it is in none. */
export async function gitFolder(dir: string): Promise<string | undefined> {
  const prefix = await git(["rev-parse", "--show-prefix"], dir);
  return prefix?.toString().trim().replace(/\/$/, "");
}

/**
 * The team files of a folder as they are at a reference; undefined: there is no such reference, folder, or git. The folder is
 * that of the repository in which the program runs.
 */
export async function readGitFiles(
  reference: string,
  folder: string,
): Promise<readonly PolicyFile[] | undefined> {
  // What begins with a dash would be an option.
  if (reference === "" || reference.startsWith("-")) return undefined;
  const commit = (
    await git(["rev-parse", "--verify", "--quiet", "--end-of-options", `${reference}^{commit}`])
  )
    ?.toString()
    .trim();
  if (commit === undefined) return undefined;
  const listed = await git(["ls-tree", "-z", `${commit}:${folder}`]);
  if (listed === undefined) return undefined;
  const entries = listed.toString().split("\0").filter(Boolean);
  const files: PolicyFile[] = [];
  for (const entry of entries) {
    const [, type, id = "", name = ""] = /^\d+ (\w+) ([\da-f]+)\t(.*)$/s.exec(entry) ?? [];
    if (type !== "blob" || !/\.ya?ml$/i.test(name) || /_test\.ya?ml$/i.test(name) || name.startsWith("."))
      continue;
    const bytes = await git(["cat-file", "blob", id]);
    if (bytes === undefined) return undefined;
    const file = [folder, name].filter(Boolean).join("/");
    files.push({ name, file, bytes: new Uint8Array(bytes) });
  }
  return files;
}

/** What git prints; undefined: it fails, or there is none. */
async function git(args: readonly string[], cwd?: string): Promise<Buffer | undefined> {
  try {
    const { stdout } = await run("git", [...QUIET, ...args], {
      ...(cwd !== undefined && { cwd }),
      encoding: "buffer",
      env: { ...process.env, GIT_NO_LAZY_FETCH: "1", GIT_OPTIONAL_LOCKS: "0", GIT_TERMINAL_PROMPT: "0" },
      maxBuffer: MAX_OUTPUT,
      timeout: 30_000,
    });
    return stdout;
  } catch {
    return undefined;
  }
}
