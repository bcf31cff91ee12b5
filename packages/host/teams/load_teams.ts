import { hash } from "node:crypto";
import { relative, resolve, sep } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import {
  loadInSteps,
  type PolicyFile,
  type PolicyLoadResult,
  type PolicyProblem,
  standingFiles,
} from "@countersign/core/policy";
import { listTeamFiles } from "./_list_team_files.ts";
import { readTeamFilesNow } from "./_read_team_files.ts";

/** Everything together, in bytes: the texts stay in memory while the policies are in force. */
const MAX_TOTAL_BYTES = 256 * 1024 * 1024;

/** How long it goes on without a turn for others, in milliseconds. */
const TURN_MS = 10;

/** What `loadTeams` loads. */
export interface LoadTeamsOptions {
  /** Names of the files that are loaded, as if there were no others. Default: all. */
  readonly only?: ReadonlySet<string>;
}

/**
 * Loads the policies in a folder: every `*.yaml` but `*_test.yaml`. Hidden files, folders and other kinds of file are
 * passed over. What cannot be read is a problem like any other; it never throws. Whoever serves meanwhile takes
 * `loadTeamsInThread`: this one lets others have a turn now and then, such as what a command still has to load, and no more.
 */
export async function loadTeams(dir: string, { only }: LoadTeamsOptions = {}): Promise<PolicyLoadResult> {
  const folder = displayPath(dir);
  const listed = await listTeamFiles(dir);
  if (!listed.ok) return { ok: false, problems: [problem(folder, listed.message)] };

  const files: PolicyFile[] = [];
  const problems: PolicyProblem[] = [];
  let bytesLeft = MAX_TOTAL_BYTES;
  const names = only === undefined ? listed.names : listed.names.filter((name) => only.has(name));
  for (const { name, read } of readTeamFilesNow(dir, names)) {
    const file = `${folder}/${name}`;
    if (read.ok) {
      files.push({ name, file, bytes: read.bytes });
      bytesLeft -= read.bytes.length;
    } else problems.push(problem(file, read.message));
    if (bytesLeft < 0)
      return { ok: false, problems: [problem(folder, "Policies must not be larger than 256 MiB together")] };
  }

  const loaded = await inTurns(loadInSteps(files, { sha256: (bytes) => hash("sha256", bytes), folder }));
  if (problems.length === 0) return loaded;
  // What is there and cannot be read was not removed.
  const unread = names
    .filter((name) => !files.some((file) => file.name === name))
    .map((name) => ({ name, complete: false }));
  const standing = loaded.ok ? standingFiles(loaded.policies) : (loaded.standing ?? []);
  return {
    ok: false,
    problems: [...problems, ...(loaded.ok ? [] : loaded.problems)],
    standing: [...standing, ...unread],
  };
}

/** Goes through all steps, with a turn for others after each `TURN_MS`. */
async function inTurns<T>(steps: Generator<void, T>): Promise<T> {
  for (let begunAt = performance.now(); ; ) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() - begunAt < TURN_MS) continue;
    await nextTurn();
    begunAt = performance.now();
  }
}

/** A folder as people would type it: relative where that is inside the folder that they are in. */
export function displayPath(dir: string): string {
  const absolute = resolve(dir);
  const path = relative(process.cwd(), absolute);
  const shown = path === "" ? "." : path === ".." || path.startsWith(`..${sep}`) ? absolute : path;
  return shown.replaceAll(sep, "/");
}

function problem(file: string, message: string): PolicyProblem {
  return { where: { file, line: 1, column: 1 }, path: "", message };
}
