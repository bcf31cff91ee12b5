import { setTimeout as sleep } from "node:timers/promises";
import type { PolicyLoadResult, PolicySet } from "@countersign/core/policy";
import { loadChangedTeams } from "./load_changed_teams.ts";
import { loadTeamsInThread } from "./load_teams_in_thread.ts";
import { SeenTeams } from "./seen_teams.ts";

/** What `loadSettledTeams` knows already, and how it is ended early. */
export interface LoadSettledTeamsOptions {
  /** What was loaded before: what did not change is taken from here. */
  readonly known?: PolicySet;
  /** Who looked through the folder before, so that not every file must be read. */
  readonly seen?: SeenTeams;
  readonly signal?: AbortSignal;
}

/** Nothing that changed a moment ago is waited for longer: who says so has another clock. */
const LONGEST_SETTLE_MS = 1_000;

/** Somebody who never stops writing is not waited for longer, in milliseconds. */
const RESTLESS_MS = 15_000;

/**
 * Does what `loadTeams` does, reading only what changed, but does not believe a file that was written a moment ago: it is
 * read again a little later, until the whole folder says the same twice. So a file that is written in two parts is never in
 * force by halves, nor is a file that is missing only while it is replaced taken for removed.
 *
 * @throws {Error} when the thread that loads many files cannot do its work, or is told to end
 */
export async function loadSettledTeams(
  dir: string,
  { known, signal, seen = new SeenTeams(dir) }: LoadSettledTeamsOptions = {},
): Promise<PolicyLoadResult> {
  const ending = signal && { signal };
  const latest = Date.now() + RESTLESS_MS;
  // Whoever asks for this has mostly just looked; a look that is too old shows below.
  let look = seen.latest ?? (await seen.look());
  for (;;) {
    signal?.throwIfAborted();
    const loaded =
      known === undefined
        ? await loadTeamsInThread(dir, { ...ending })
        : await loadChangedTeams(dir, { known, look, ...ending });
    const left = look.settledAt - Date.now();
    if (left > 0 && left < LONGEST_SETTLE_MS && Date.now() < latest) await sleep(left, undefined, ending);
    // Between the looks it may have been another, and back again.
    const isOfLook = !loaded.ok || loaded.policies.hash === look.hash;
    const again = await seen.look();
    if ((isOfLook && again.hash === look.hash) || Date.now() >= latest) return loaded;
    look = again;
  }
}
