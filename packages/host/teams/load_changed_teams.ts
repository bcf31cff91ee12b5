import { hash } from "node:crypto";
import {
  joinPolicies,
  type KnownFiles,
  loadPolicies,
  ORGANISATION_FILE,
  type PolicyLoadResult,
  type PolicySet,
} from "@countersign/core/policy";
import { readPolicyFiles } from "./_read_team_files.ts";
import { displayPath } from "./load_teams.ts";
import { loadTeamsInThread } from "./load_teams_in_thread.ts";
import type { TeamsLook } from "./seen_teams.ts";

/** So much is read on the spot, the organisation's file included: it takes some milliseconds. More is for a thread. */
const MAX_BYTES_HERE = 16_384;
const MAX_FILES_HERE = 4;

/** What was loaded before, and what lies in the folder now. */
export interface LoadChangedTeamsOptions {
  readonly known: PolicySet;
  readonly look: TeamsLook;
  readonly signal?: AbortSignal;
}

/** Does what `loadTeams` does, and reads only files that are not as they were when `known` was loaded. */
export async function loadChangedTeams(
  dir: string,
  { known, look, signal }: LoadChangedTeamsOptions,
): Promise<PolicyLoadResult> {
  if (look.hash === known.hash) return { ok: true, policies: known };
  const inThread = { known, ...(signal && { signal }) };
  const { files } = look;
  if (files === undefined) return loadTeamsInThread(dir, inThread);

  const before = new Map(known.files.map((file) => [file.name, file]));
  const unchanged = new Set<string>();
  const changed: string[] = [];
  let bytes = before.get(ORGANISATION_FILE)?.text.length ?? 0;
  for (const [name, file] of files) {
    if (before.get(name)?.hash === file.hash) unchanged.add(name);
    else {
      changed.push(name);
      bytes += file.bytes;
    }
  }
  // The organisation's file bounds every team.
  if (
    unchanged.has(ORGANISATION_FILE) !== before.has(ORGANISATION_FILE) ||
    changed.includes(ORGANISATION_FILE)
  )
    return loadTeamsInThread(dir, inThread);

  const part: KnownFiles = { policies: known, unchanged };
  if (changed.length <= MAX_FILES_HERE && bytes <= MAX_BYTES_HERE) {
    const read = await readPolicyFiles(dir, changed.sort(), displayPath(dir));
    if (read !== undefined) return loadPolicies(read, { sha256, folder: displayPath(dir), known: part });
  } else if (unchanged.size > 0) {
    const only = new Set([...changed, ORGANISATION_FILE]);
    const loaded = await loadTeamsInThread(dir, { only, ...(signal && { signal }) });
    const joined = loaded.ok ? joinPolicies(part, loaded.policies, { sha256 }) : undefined;
    if (joined !== undefined) return joined;
  }
  return loadTeamsInThread(dir, inThread);
}

function sha256(bytes: Uint8Array): string {
  return hash("sha256", bytes);
}
