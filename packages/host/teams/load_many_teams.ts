import { hash } from "node:crypto";
import { availableParallelism } from "node:os";
import { joinParts, ORGANISATION_FILE, type PolicyLoadResult } from "@countersign/core/policy";
import { listTeamFiles } from "./_list_team_files.ts";
import { loadParts } from "./_load_parts.ts";
import { readPolicyFiles } from "./_read_team_files.ts";
import { displayPath, loadTeams } from "./load_teams.ts";

/** From so many files on, starting threads pays, if there are so many processors: threads take twice the work. */
const MANY = 2_000;
const ENOUGH_PROCESSORS = 4;

/** More at once take more memory, and no time less: what threads found is handed over to one. */
const AT_ONCE = 4;

/** How many files are loaded together: few enough that nobody waits long for another at the end. */
const PART = 500;

/** The most that `loadTeams` takes, in characters. */
const MAX_TOTAL = 256 * 1024 * 1024;

/** How many files are many, for tests. */
export interface LoadManyTeamsOptions {
  /** How many parts are loaded at a time; 1: all in one go. Default: by how many processors there are. */
  readonly atOnce?: number;
  /** @default 2000 */
  readonly many?: number;
  /** How many are loaded at a time. @default 500 */
  readonly part?: number;
}

/**
 * Does what `loadTeams` does; with enough processors, many files are loaded in parts, here and in threads. Parts that have a
 * problem are read twice.
 */
export async function loadManyTeams(
  dir: string,
  { many = MANY, part: size = PART, atOnce = usualAtOnce() }: LoadManyTeamsOptions = {},
): Promise<PolicyLoadResult> {
  const listed = await listTeamFiles(dir);
  if (!listed.ok || listed.names.length < many || atOnce < 2) return loadTeams(dir);
  const teams = listed.names.filter((name) => name !== ORGANISATION_FILE);
  const folder = displayPath(dir);
  const organisation = `${folder}/${ORGANISATION_FILE}`;
  const count = Math.ceil(teams.length / size);
  // By turns: neighbours in a folder may be of one kind.
  const parts = Array.from(
    { length: count },
    (_, part) => new Set([ORGANISATION_FILE, ...teams.filter((_, index) => index % count === part)]),
  );
  const results = await loadParts(dir, parts, {
    atOnce,
    // All the others would say it again.
    isEnough: (result) => !result.ok && result.problems.some(({ where }) => where.file === organisation),
  });
  const loaded = results.flatMap((result) => (result?.ok ? [result.policies] : []));
  const files = loaded.flatMap((policies) => policies.files);
  const bounds = loaded.map(({ files }) => files.find(({ name }) => name === ORGANISATION_FILE)?.hash);
  const isTooLarge = files.reduce((sum, { text }) => sum + text.length, 0) > MAX_TOTAL;
  // Different ones: it changed in between.
  if (results.includes(undefined) || new Set(bounds).size !== 1 || isTooLarge) return loadTeams(dir);
  const left = parts.flatMap((part, index) => (results[index]?.ok ? [] : [...part]));
  const others = await readPolicyFiles(dir, left.filter((name) => name !== ORGANISATION_FILE).sort(), folder);
  // Only together with the others can be said what is wrong with them.
  if (others === undefined) return loadTeams(dir);
  return joinParts(loaded, others, { sha256: (bytes) => hash("sha256", bytes), folder });
}

function usualAtOnce(): number {
  const processors = availableParallelism();
  return processors < ENOUGH_PROCESSORS ? 1 : Math.min(AT_ONCE, processors);
}
