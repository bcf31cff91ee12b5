import { checkBounds } from "./check/check_bounds.ts";
import { checkDelegates } from "./check/check_delegates.ts";
import { checkFileName, ORGANISATION_FILE } from "./check/check_file_name.ts";
import { checkHours } from "./check/check_hours.ts";
import { checkListedMailboxes } from "./check/check_mailboxes.ts";
import { checkNames } from "./check/check_names.ts";
import { checkNotify } from "./check/check_notify.ts";
import { checkPatterns } from "./check/check_patterns.ts";
import { checkTeam } from "./check/check_team.ts";
import { type Claim, checkUnique, claimants, claimsIn, claimsOf } from "./check/check_unique.ts";
import { warnTeam } from "./check/warn_team.ts";
import { linkOrganisation } from "./link/link_organisation.ts";
import {
  fileText,
  joinTeams,
  type LinkedOrganisation,
  type LinkedTeam,
  type LinkPoliciesOptions,
} from "./link/link_policies.ts";
import { linkTeam } from "./link/link_team.ts";
import { formatProblem, type PolicyProblem } from "./policy_problem.ts";
import type { PolicyFile, PolicyFileText, PolicySet } from "./policy_set.ts";
import type { PolicyDocument } from "./read/policy_document.ts";
import { readDocument } from "./read/read_document.ts";
import { type OrganisationFile, organisationFileSchema } from "./schema/organisation_file.ts";
import { parseWith } from "./schema/parse_with.ts";
import { teamFileSchema } from "./schema/team_file.ts";
import type { TeamPolicy } from "./team_policy.ts";
import { type StandingFile, standingFile, standingTeam } from "./without_removed.ts";

/** Every team's policy, or everything that is wrong with the files, sorted by place: never a part of either. */
export type PolicyLoadResult =
  | {
      readonly ok: true;
      readonly policies: PolicySet;
      /** What is allowed and probably not meant, sorted by place. */
      readonly warnings?: readonly PolicyProblem[];
    }
  | {
      readonly ok: false;
      readonly problems: readonly PolicyProblem[];
      /** Every team's file, and what it says of who may call; absent: the folder could not be read. */
      readonly standing?: readonly StandingFile[];
    };

/** What `loadPolicies` needs from outside. */
export interface LoadPoliciesOptions {
  /** SHA-256 of the bytes, hexadecimal. */
  readonly sha256: (bytes: Uint8Array) => string;
  /** The folder as people see it, for the problem that it is empty (default: `teams`). */
  readonly folder?: string;
  /** What was loaded before, so that only what changed is read. The result is the same as without it. */
  readonly known?: KnownFiles;
}

/** Policies that were loaded before, without problems, and what is still as it was then. */
export interface KnownFiles {
  readonly policies: PolicySet;
  /** Names of files whose bytes are the same as those in `policies.files`; they need not be given again. */
  readonly unchanged: ReadonlySet<string>;
}

/**
 * Turns the files of the teams folder (without `*_test.yaml`) into the policies in force: each is read, checked by
 * itself, against the organisation's and against each other, and linked. Total. It reports every problem in every file;
 * with a single one, nothing is in force. Given what is known already, it takes time by what changed.
 */
export function loadPolicies(files: readonly PolicyFile[], options: LoadPoliciesOptions): PolicyLoadResult {
  const steps = loadInSteps(files, options);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/**
 * Does what `loadPolicies` does, and yields after each team's file, so that whoever loads thousands of them may do something
 * else in between.
 */
export function* loadInSteps(
  files: readonly PolicyFile[],
  { sha256, folder = "teams", known }: LoadPoliciesOptions,
): Generator<void, PolicyLoadResult> {
  const { kept, again } = known === undefined ? NOTHING_KEPT : keep(known, files, folder);
  const sorted = [...files, ...again].sort(byName);
  const problems: PolicyProblem[] = sorted.map(checkFileName).filter((problem) => problem !== undefined);
  if (kept.length === 0 && !sorted.some(({ name }) => name !== ORGANISATION_FILE))
    problems.push({
      where: { file: folder, line: 1, column: 1 },
      path: "",
      message: `No team file in ${folder}/`,
    });

  const named = sorted.filter((file) => checkFileName(file) === undefined);
  const [bounding] = named.filter(isOrganisation).map((file) => readOrganisation(file, { sha256 }));
  problems.push(...(bounding?.problems ?? []));
  // A document is left behind when its team is judged: many of them take many times the memory of what is kept.
  const teams: JudgedTeam[] = [];
  for (const file of named) {
    if (isOrganisation(file)) continue;
    const team = judgeTeam(file, bounding, { sha256, isLinked: problems.length === 0 });
    problems.push(...team.problems);
    teams.push(team);
    yield;
  }
  problems.push(...checkUnique(withRivals(teams, kept)));

  if (problems.length > 0) {
    const linked = [...kept, ...teams.flatMap(({ linked = [] }) => linked)];
    const standing = [
      ...(bounding === undefined ? [] : [bounding.standing]),
      ...linked.map(({ policy }) => standingTeam(policy)),
      ...teams.flatMap(({ standing = [] }) => standing),
    ].sort(byName);
    const misnamed = sorted.filter((file) => !named.includes(file));
    return {
      ok: false,
      problems: problems.sort(byPlace),
      standing: [...standing, ...misnamed.map(({ name }) => ({ name, complete: false }))],
    };
  }
  const linked = teams.flatMap(({ linked = [] }) => linked);
  return accepted(joinTeams([...kept, ...linked], bounding && linkBounding(bounding), { sha256 }));
}

/**
 * What `loadPolicies` gives for the files that are known and those of `part` together, which were loaded with the same
 * organisation's file, if any. Undefined: they get in each other's way, and only loading all of them says how.
 */
export function joinPolicies(
  { policies, unchanged }: KnownFiles,
  part: PolicySet,
  { sha256 }: Pick<LoadPoliciesOptions, "sha256">,
): PolicyLoadResult | undefined {
  const isRival = claimants([...part.teams.values()].flatMap(claimsOf));
  const kept = teamsOf(policies).filter(({ text }) => unchanged.has(text.name));
  if (kept.some(({ policy }) => isRival(policy))) return undefined;
  return accepted(joinTeams([...kept, ...teamsOf(part)], organisationOf([part]), { sha256 }));
}

/**
 * What `loadPolicies` gives for the files of all these parts and `others` together. Each part was loaded by itself, all with
 * the same organisation's file, if any; only what they claim of each other's, and the others, is read again.
 */
export function joinParts(
  parts: readonly PolicySet[],
  others: readonly PolicyFile[],
  options: Pick<LoadPoliciesOptions, "sha256" | "folder">,
): PolicyLoadResult {
  const owners = new Map<string, PolicySet>();
  const contested = new Set<string>();
  for (const part of parts)
    for (const claim of [...part.teams.values()].flatMap(claimsOf)) {
      if ((owners.get(claim) ?? part) !== part) contested.add(claim);
      owners.set(claim, part);
    }
  const isRival = ({ policy }: LinkedTeam) =>
    contested.size > 0 && claimsOf(policy).some((claim) => contested.has(claim));
  const teams = parts.flatMap(teamsOf);
  const rivals = teams.filter(isRival).map(({ text, policy }) => toFile(text, policy.source.file));
  const kept = rivals.length === 0 ? teams : teams.filter((team) => !isRival(team));
  const policies = joinTeams(kept, organisationOf(parts), options);
  const again = [...others, ...rivals];
  if (again.length === 0) return accepted(policies);
  const unchanged = new Set(policies.files.map(({ name }) => name));
  return loadPolicies(again, { ...options, known: { policies, unchanged } });
}

function teamsOf({ teams, files }: PolicySet): readonly LinkedTeam[] {
  return files.flatMap((text) => {
    const policy = teams.get(teamOf(text.name));
    return policy === undefined ? [] : [{ policy, text }];
  });
}

/** The organisation's file of these parts, which all have the same. */
function organisationOf(parts: readonly PolicySet[]): LinkedOrganisation | undefined {
  return parts.flatMap(({ organisation, files }) => {
    const text = files.find(isOrganisation);
    return organisation === undefined || text === undefined ? [] : [{ policy: organisation, text }];
  })[0];
}

function accepted(policies: PolicySet): PolicyLoadResult {
  const warned = [...policies.teams.values()].flatMap(warningsOf);
  // What teams take over from the organisation is warned of once.
  const warnings = [...new Map(warned.map((one) => [`${formatProblem(one)}`, one])).values()].sort(byPlace);
  return { ok: true, policies, ...(warnings.length > 0 && { warnings }) };
}

interface Kept {
  readonly kept: readonly LinkedTeam[];
  /** Files that did not change and must be read all the same. */
  readonly again: readonly PolicyFile[];
}

const NOTHING_KEPT: Kept = { kept: [], again: [] };

/** A team's policy stays the same as long as its own file and the organisation's do. */
function keep({ policies, unchanged }: KnownFiles, changed: readonly PolicyFile[], folder: string): Kept {
  const isBoundAsBefore =
    unchanged.has(ORGANISATION_FILE) || ![...policies.files, ...changed].some(isOrganisation);
  const kept: LinkedTeam[] = [];
  const again: PolicyFile[] = [];
  for (const text of policies.files) {
    if (!unchanged.has(text.name)) continue;
    const policy = policies.teams.get(teamOf(text.name));
    const file = `${folder}/${text.name}`;
    if (isBoundAsBefore && policy?.source.file === file) kept.push({ policy, text });
    else again.push(toFile(text, file));
  }
  return { kept, again };
}

function toFile({ name, text }: PolicyFileText, file: string): PolicyFile {
  return { name, file, bytes: new TextEncoder().encode(text) };
}

/** What these files claim, and those that did not change and claim something of it, in the files' order. */
function withRivals(teams: readonly JudgedTeam[], kept: readonly LinkedTeam[]): readonly Claim[] {
  if (kept.length === 0) return teams.flatMap((team) => team.claims);
  const isRival = claimants(teams.flatMap((team) => team.claims.map(({ key }) => key)));
  const rivals = kept
    .filter(({ policy }) => isRival(policy))
    .map(({ policy, text }) => {
      const { document } = readDocument(toFile(text, policy.source.file));
      return { name: text.name, claims: document === undefined ? [] : claimsIn(document) };
    });
  return [...teams, ...rivals].sort(byName).flatMap((file) => file.claims);
}

const WARNINGS = new WeakMap<TeamPolicy, readonly PolicyProblem[]>();

/** Policies are immutable, so that those which stay need no second look. */
function warningsOf(policy: TeamPolicy): readonly PolicyProblem[] {
  const known = WARNINGS.get(policy) ?? warnTeam(policy);
  WARNINGS.set(policy, known);
  return known;
}

/** What the organisation's file says, as far as it can be read. */
interface Bounding {
  readonly problems: readonly PolicyProblem[];
  readonly document?: PolicyDocument;
  readonly standing: StandingFile;
  /** Its document, if roles can be looked up in it. */
  readonly roles?: PolicyDocument | undefined;
  /** Only if the schema takes it. */
  readonly content?: OrganisationFile;
  readonly text?: PolicyFileText;
}

/** Links the organisation's file, unless it has a problem. */
function linkBounding({ document, content, text }: Bounding): LinkedOrganisation | undefined {
  if (document === undefined || content === undefined || text === undefined) return undefined;
  return { policy: linkOrganisation({ document, content }), text };
}

function readOrganisation(file: PolicyFile, options: LinkPoliciesOptions): Bounding {
  const { document, problems } = readDocument(file);
  if (document === undefined) return { problems, standing: standingFile(file.name, undefined, NOT_READ) };
  const { content, problems: wrong } = parseWith(organisationFileSchema, document, {
    schema: teamFileSchema,
    name: "a team's file",
  });
  const isOfRoles = ({ path }: PolicyProblem) => path.startsWith("roles");
  const roles = problems.length > 0 || wrong.some(isOfRoles) ? undefined : document;
  return {
    problems: [
      ...problems,
      ...wrong,
      ...checkListedMailboxes(document),
      ...checkNames(document, document),
      ...checkHours(document, document),
      ...checkDelegates(document, document),
      ...checkNotify(document),
      ...checkPatterns(document, undefined),
    ],
    document,
    standing: standingFile(file.name, document, { unreadable: problems, wrong, organisation: roles }),
    roles,
    ...(content && { content }),
    text: fileText(file, document, options),
  };
}

const NOT_READ = { unreadable: [], wrong: [] };

/** What became of one team's file. */
interface JudgedTeam {
  readonly name: string;
  readonly problems: readonly PolicyProblem[];
  readonly claims: readonly Claim[];
  /** Its policy, or what its file says all the same. */
  readonly linked?: LinkedTeam;
  readonly standing?: StandingFile;
}

function judgeTeam(
  file: PolicyFile,
  bounding: Bounding | undefined,
  { isLinked, ...options }: LinkPoliciesOptions & { readonly isLinked: boolean },
): JudgedTeam {
  const { name } = file;
  const { document, problems: unreadable } = readDocument(file);
  if (document === undefined) {
    const standing = standingFile(name, undefined, { unreadable, wrong: [] });
    return { name, problems: unreadable, claims: [], standing };
  }
  const { content, problems: wrong } = parseWith(teamFileSchema, document, {
    schema: organisationFileSchema,
    name: `${ORGANISATION_FILE}, for every team`,
  });
  const organisation = bounding?.document;
  const problems = [
    ...unreadable,
    ...wrong,
    ...checkTeam(document, organisation),
    // What an unreadable organisation's file names, nobody knows.
    ...(bounding === undefined || organisation ? checkNames(document, organisation) : []),
    ...(organisation ? checkBounds(document, organisation) : []),
    ...checkPatterns(document, organisation),
  ];
  const judged = { name, problems, claims: claimsIn(document) };
  if (!isLinked || problems.length > 0 || content === undefined)
    return {
      ...judged,
      standing: standingFile(name, document, { unreadable, wrong, organisation: bounding?.roles }),
    };
  const text = fileText(file, document, options);
  const bounds = organisation && bounding?.content && { document: organisation, content: bounding.content };
  return { ...judged, linked: { policy: linkTeam({ document, content }, bounds, text), text } };
}

function byPlace(a: PolicyProblem, b: PolicyProblem): number {
  return (
    compare(a.where.file, b.where.file) ||
    a.where.line - b.where.line ||
    a.where.column - b.where.column ||
    compare(a.path, b.path)
  );
}

function isOrganisation({ name }: { readonly name: string }): boolean {
  return name === ORGANISATION_FILE;
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return compare(a.name, b.name);
}

/** By code units: the same order on every machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** `finance.yaml` → `finance` */
function teamOf(name: string): string {
  return name.slice(0, -".yaml".length);
}
