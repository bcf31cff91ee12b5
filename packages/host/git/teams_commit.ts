import { createHash } from "node:crypto";
import type { PolicyFileText } from "@countersign/core/policy";
import { runGit } from "./run_git.ts";

/** The commit that policies come from. */
export interface TeamsCommit {
  /** Its hash, in hexadecimal. */
  readonly id: string;
  /** `Ann Lead <ann@acme.example>`, as it says; empty: it does not say. Personal data. */
  readonly author: string;
  /** The files are not as the checkout's last commit has them: somebody changed them since. */
  readonly isDirty: boolean;
}

/** Longer names are none. */
const MAX_AUTHOR = 320;

/** Whoever waits for policies does not wait long for a history. */
const TIMEOUT_MS = 2_000;

/**
 * The last commit that changed the team files of a folder, as the checkout's `HEAD` has them, and whether these files are as
 * there; undefined: the folder is in no checkout, or git does not say. Reads git's objects only: nothing of the repository runs.
 */
export async function teamsCommit(
  dir: string,
  files: readonly PolicyFileText[],
): Promise<TeamsCommit | undefined> {
  const ask = async (...args: readonly string[]) =>
    (await runGit(args, { cwd: dir, timeout: TIMEOUT_MS }))?.toString();
  const changed = (await ask("rev-list", "--max-count=1", "HEAD", "--", "."))?.trim();
  // Of a folder that no commit has, there is none.
  if (changed === undefined || !ID.test(changed)) return undefined;
  const [commit, listed] = await Promise.all([
    ask("cat-file", "commit", changed),
    ask("ls-tree", "-z", "HEAD", "./"),
  ]);
  if (commit === undefined || listed === undefined) return undefined;
  return { id: changed, author: authorOf(commit), isDirty: !areSame(files, blobsIn(listed)) };
}

const ID = /^(?:[\da-f]{40}|[\da-f]{64})$/;

function authorOf(commit: string): string {
  const header = commit.slice(0, commit.indexOf("\n\n"));
  const [, author = ""] = /^author (.*) \d+ [+-]\d{4}$/m.exec(header) ?? [];
  return author
    .replace(/\p{Cc}/gu, "?")
    .trim()
    .slice(0, MAX_AUTHOR);
}

/** By name, the hashes of the team files that a listing of a folder has. */
function blobsIn(listed: string): ReadonlyMap<string, string> {
  return new Map(
    listed.split("\0").flatMap((entry): readonly (readonly [string, string])[] => {
      const [, id = "", name = ""] = /^\d+ blob ([\da-f]+)\t(.*)$/s.exec(entry) ?? [];
      return name.endsWith(".yaml") && !name.endsWith("_test.yaml") && !name.startsWith(".")
        ? [[name, id]]
        : [];
    }),
  );
}

function areSame(files: readonly PolicyFileText[], blobs: ReadonlyMap<string, string>): boolean {
  if (files.length !== blobs.size) return false;
  return files.every(({ name, text }) => {
    const id = blobs.get(name);
    return id !== undefined && blobId(text, id.length === 64 ? "sha256" : "sha1") === id;
  });
}

/** As git names a file's content. */
function blobId(text: string, algorithm: "sha1" | "sha256"): string {
  const bytes = Buffer.from(text);
  return createHash(algorithm).update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}
