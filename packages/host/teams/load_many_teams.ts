import { hash } from "node:crypto";
import { availableParallelism } from "node:os";
import {
  joinPolicies,
  ORGANISATION_FILE,
  type PolicyLoadResult,
  type PolicySet,
} from "@countersign/core/policy";
import { listTeamFiles } from "./_list_team_files.ts";
import { loadTeams } from "./load_teams.ts";
import { loadTeamsInThread } from "./load_teams_in_thread.ts";

/** From so many files on, starting a thread pays. */
const MANY = 2_000;

/** The most that `loadTeams` takes, in characters. */
const MAX_TOTAL = 256 * 1024 * 1024;

/** How many files are many, for tests. */
export interface LoadManyTeamsOptions {
  /** @default 2000 */
  readonly many?: number;
}

/** Does what `loadTeams` does; of many files, half are loaded in a thread, so that a second processor helps. */
export async function loadManyTeams(
  dir: string,
  { many = MANY }: LoadManyTeamsOptions = {},
): Promise<PolicyLoadResult> {
  const listed = await listTeamFiles(dir);
  if (!listed.ok || listed.names.length < many || availableParallelism() < 2) return loadTeams(dir);
  const teams = listed.names.filter((name) => name !== ORGANISATION_FILE);
  // By turns: neighbours in a folder may be of one kind.
  const half = (rest: number) => new Set(teams.filter((_, index) => index % 2 === rest));
  const [here, there] = [half(0), half(1)];
  const [first, second] = await Promise.all([
    loadTeams(dir, { only: new Set([...here, ORGANISATION_FILE]) }),
    loadTeamsInThread(dir, { only: new Set([...there, ORGANISATION_FILE]) }),
  ]);
  // Only together can be said what is wrong with them.
  return (first.ok && second.ok && join(first.policies, second.policies, here)) || loadTeams(dir);
}

function join(
  first: PolicySet,
  second: PolicySet,
  unchanged: ReadonlySet<string>,
): PolicyLoadResult | undefined {
  const total = [...first.files, ...second.files].reduce((sum, { text }) => sum + text.length, 0);
  const [bounds, same] = [first, second].map(({ files }) =>
    files.find(({ name }) => name === ORGANISATION_FILE),
  );
  // It changed in between.
  if (total > MAX_TOTAL || bounds?.hash !== same?.hash) return undefined;
  return joinPolicies({ policies: first, unchanged }, second, { sha256: (bytes) => hash("sha256", bytes) });
}
