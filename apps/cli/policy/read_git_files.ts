import type { PolicyFile } from "@countersign/core/policy";
import { runGit } from "@countersign/host/git";

/** The folder's path in its repository, as `git show` takes it after a colon; undefined: it is in none. */
export async function gitFolder(dir: string): Promise<string | undefined> {
  const prefix = await runGit(["rev-parse", "--show-prefix"], { cwd: dir });
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
    await runGit(["rev-parse", "--verify", "--quiet", "--end-of-options", `${reference}^{commit}`])
  )
    ?.toString()
    .trim();
  if (commit === undefined) return undefined;
  const listed = await runGit(["ls-tree", "-z", `${commit}:${folder}`]);
  if (listed === undefined) return undefined;
  const entries = listed.toString().split("\0").filter(Boolean);
  const files: PolicyFile[] = [];
  for (const entry of entries) {
    const [, type, id = "", name = ""] = /^\d+ (\w+) ([\da-f]+)\t(.*)$/s.exec(entry) ?? [];
    if (type !== "blob" || !/\.ya?ml$/i.test(name) || /_test\.ya?ml$/i.test(name) || name.startsWith("."))
      continue;
    const bytes = await runGit(["cat-file", "blob", id]);
    if (bytes === undefined) return undefined;
    const file = [folder, name].filter(Boolean).join("/");
    files.push({ name, file, bytes: new Uint8Array(bytes) });
  }
  return files;
}
