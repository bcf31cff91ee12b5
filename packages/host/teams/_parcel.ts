import {
  type AssistantRef,
  ORGANISATION_FILE,
  type OrganisationPolicy,
  type PolicyFileText,
  type PolicyLoadResult,
  type PolicyProblem,
  type PolicySet,
  type StandingFile,
  shareEqual,
  shareTable,
  type TeamPolicy,
} from "@countersign/core/policy";

/** How much of each list is handed over at a time: unpacking it, and what that leaves to collect, takes a few milliseconds. */
const SIZE = 5;

/** A part of a load result, small enough that the thread that takes it over does not stand still. */
export interface Parcel {
  readonly problems: readonly PolicyProblem[];
  readonly warnings: readonly PolicyProblem[];
  /** Null: nobody knows. */
  readonly standing: readonly StandingFile[] | null;
  readonly files: readonly PolicyFileText[];
  /** Null: the same as in the set that is known. */
  readonly teams: readonly (readonly [string, TeamPolicy | null])[];
  readonly keys: readonly (readonly [string, AssistantRef])[];
  /** Of the whole set; null: there is none. */
  readonly organisation: OrganisationPolicy | null;
  /** Of the whole set; empty when there are problems. */
  readonly hash: string;
  readonly last: boolean;
}

/** By team, what its policy was made from: with the same mark, the policy is the same. */
export function marksOf({ teams, files }: PolicySet): ReadonlyMap<string, string> {
  const bounds = files.find(({ name }) => name === ORGANISATION_FILE)?.hash ?? "";
  return new Map([...teams].map(([name, { source }]) => [name, `${bounds} ${source.hash} ${source.file}`]));
}

/** A load result in parcels, at least one; without the policies that whoever takes it over knows by their marks. */
export function* packResult(
  result: PolicyLoadResult,
  known: ReadonlyMap<string, string>,
): Generator<Parcel, void> {
  const problems = result.ok ? [] : result.problems;
  const warnings = (result.ok ? result.warnings : undefined) ?? [];
  const standing = result.ok ? undefined : result.standing;
  const { files, hash } = result.ok ? result.policies : { files: [], hash: "" };
  const teams = result.ok ? newTeams(result.policies, known) : [];
  const keys = result.ok ? [...result.policies.keys] : [];
  const organisation = (result.ok ? result.policies.organisation : undefined) ?? null;
  const length = Math.max(
    problems.length,
    warnings.length,
    standing?.length ?? 0,
    files.length,
    teams.length,
    keys.length,
  );
  for (let start = 0; start < length; start += SIZE) {
    const end = start + SIZE;
    yield {
      problems: problems.slice(start, end),
      warnings: warnings.slice(start, end),
      standing: standing?.slice(start, end) ?? null,
      files: files.slice(start, end),
      teams: teams.slice(start, end),
      keys: keys.slice(start, end),
      // Its lists are short; once is enough.
      organisation: start === 0 ? organisation : null,
      hash,
      last: end >= length,
    };
  }
}

function newTeams(policies: PolicySet, known: ReadonlyMap<string, string>): Parcel["teams"] {
  const marks = marksOf(policies);
  return [...policies.teams].map(([name, team]) => [name, known.get(name) === marks.get(name) ? null : team]);
}

/** The load result that the parcels were made from, with what is known taken from there. */
export async function unpackResult(
  parcels: AsyncIterable<Parcel>,
  known: PolicySet | undefined,
): Promise<PolicyLoadResult> {
  const problems: PolicyProblem[] = [];
  const warnings: PolicyProblem[] = [];
  const standing: StandingFile[] = [];
  let isStandingKnown = false;
  const files: PolicyFileText[] = [];
  const teams = new Map<string, TeamPolicy>();
  const keys = new Map<string, AssistantRef>();
  let hash = "";
  let organisation: OrganisationPolicy | null = null;
  for await (const parcel of parcels) {
    problems.push(...parcel.problems);
    warnings.push(...parcel.warnings);
    standing.push(...(parcel.standing ?? []));
    isStandingKnown ||= parcel.standing !== null;
    files.push(...parcel.files);
    for (const [name, changed] of parcel.teams) {
      const team = changed === null ? known?.teams.get(name) : shareAgain(changed);
      if (team === undefined) throw new Error(`Cannot load policies: that of team "${name}" got lost`);
      teams.set(name, team);
    }
    for (const [key, assistant] of parcel.keys) keys.set(key, assistant);
    hash = parcel.hash;
    organisation ??= parcel.organisation;
  }
  if (problems.length > 0) return { ok: false, problems, ...(isStandingKnown && { standing }) };
  const policies = { hash, files, teams, keys, ...(organisation && { organisation }) };
  return { ok: true, policies, ...(warnings.length > 0 && { warnings }) };
}

/** What crosses threads shares nothing any more. The policy is taken over. */
export function shareAgain(team: TeamPolicy): TeamPolicy {
  const { file, hash, places } = team.source;
  return Object.assign(shareEqual(team), { source: { file, hash, places: shareTable(places) } });
}
