import { stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { PolicyLoadResult } from "@countersign/core/policy";
import { listTeamFiles } from "./_list_team_files.ts";
import { hashTeams } from "./hash_teams.ts";
import { type LoadTeamsInThreadOptions, loadTeamsInThread } from "./load_teams_in_thread.ts";

/** A file that was changed within so many milliseconds may be half written. */
const SETTLE_MS = 1_000;

/** Somebody who never stops writing is not waited for longer, in milliseconds. */
const RESTLESS_MS = 15_000;

/**
 * Does what `loadTeamsInThread` does, but does not believe a file that was changed a moment ago: it is read again a
 * little later, until the whole folder says the same twice. So a file that is written in two parts is never in force
 * by halves, nor is a file that is missing only while it is replaced taken for removed.
 *
 * @throws {Error} when the thread cannot do its work, or is told to end
 */
export async function loadSettledTeams(
  dir: string,
  options: LoadTeamsInThreadOptions = {},
): Promise<PolicyLoadResult> {
  for (const latest = Date.now() + RESTLESS_MS; ; ) {
    const before = await hashTeams(dir);
    const loaded = await loadTeamsInThread(dir, options);
    if ((await isYoung(dir)) && Date.now() < latest)
      await sleep(SETTLE_MS, undefined, options.signal && { signal: options.signal });
    if ((await hashTeams(dir)) === before || Date.now() >= latest) return loaded;
  }
}

/** Whether the folder or one of its files changed a moment ago; unlike other times, that of a change cannot be set. */
async function isYoung(dir: string): Promise<boolean> {
  const listed = await listTeamFiles(dir);
  const paths = [dir, ...(listed.ok ? listed.names : []).map((name) => join(dir, name))];
  const now = Date.now();
  for (const path of paths) {
    const info = await stat(path).catch(() => undefined);
    if (info !== undefined && Math.abs(now - info.ctimeMs) < SETTLE_MS) return true;
  }
  return false;
}
