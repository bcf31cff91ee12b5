import type { z } from "zod";
import { checkBounds } from "./check/check_bounds.ts";
import { checkFileName, ORGANISATION_FILE } from "./check/check_file_name.ts";
import { checkListedMailboxes } from "./check/check_mailboxes.ts";
import { checkPatterns } from "./check/check_patterns.ts";
import { checkTeam } from "./check/check_team.ts";
import { checkUnique, claimsIn, claimsOf } from "./check/check_unique.ts";
import { warnTeam } from "./check/warn_team.ts";
import { joinTeams, type LinkedTeam, linkPolicies } from "./link/link_policies.ts";
import type { LinkedFile } from "./link/linked_file.ts";
import { formatProblem, type PolicyProblem } from "./policy_problem.ts";
import type { PolicyFile, PolicyFileText, PolicySet } from "./policy_set.ts";
import type { PolicyDocument } from "./read/policy_document.ts";
import { readDocument } from "./read/read_document.ts";
import { organisationFileSchema } from "./schema/organisation_file.ts";
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
export function loadPolicies(
  files: readonly PolicyFile[],
  { sha256, folder = "teams", known }: LoadPoliciesOptions,
): PolicyLoadResult {
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
  const teamFiles = read(
    named.filter(({ name }) => name !== ORGANISATION_FILE),
    teamFileSchema,
  );
  const bounding = read(
    named.filter(({ name }) => name === ORGANISATION_FILE),
    organisationFileSchema,
  );
  for (const { unreadable, wrong } of [...teamFiles, ...bounding]) problems.push(...unreadable, ...wrong);
  const teams = teamFiles.filter(hasDocument);
  const [organisation] = bounding.filter(hasDocument);
  for (const { document } of teams) {
    problems.push(...checkTeam(document, organisation?.document));
    if (organisation) problems.push(...checkBounds(document, organisation.document));
  }
  if (organisation) problems.push(...checkListedMailboxes(organisation.document));
  const documents = teams.map(({ document }) => document);
  problems.push(...checkUnique(withRivals(documents, kept)));
  problems.push(...checkPatterns(documents, organisation?.document));

  if (problems.length > 0) {
    const standing = [
      ...kept.map(({ policy }) => standingTeam(policy)),
      ...teamFiles.map((file) => standingFile(file.name, file.document, file)),
    ].sort(byName);
    const misnamed = sorted.filter((file) => !named.includes(file));
    return {
      ok: false,
      problems: problems.sort(byPlace),
      standing: [...standing, ...misnamed.map(({ name }) => ({ name, complete: false }))],
    };
  }
  const [bounds] = organisation ? [organisation].filter(isLinkable) : [];
  const policies = linkPolicies(teams.filter(isLinkable), bounds, { sha256, kept });
  return accepted(policies);
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
  const claims = new Set([...part.teams.values()].flatMap(claimsOf));
  const kept = teamsOf(policies).filter(({ text }) => unchanged.has(text.name));
  if (kept.some(({ policy }) => claimsOf(policy).some((claim) => claims.has(claim)))) return undefined;
  const [organisation] = part.files.filter(isOrganisation);
  return accepted(joinTeams([...kept, ...teamsOf(part)], organisation, { sha256 }));
}

function teamsOf({ teams, files }: PolicySet): readonly LinkedTeam[] {
  return files.flatMap((text) => {
    const policy = teams.get(text.name.replace(/\.yaml$/, ""));
    return policy === undefined ? [] : [{ policy, text }];
  });
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
    const policy = policies.teams.get(text.name.replace(/\.yaml$/, ""));
    const file = `${folder}/${text.name}`;
    if (isBoundAsBefore && policy?.source.file === file) kept.push({ policy, text });
    else again.push(toFile(text, file));
  }
  return { kept, again };
}

function toFile({ name, text }: PolicyFileText, file: string): PolicyFile {
  return { name, file, bytes: new TextEncoder().encode(text) };
}

/** The documents, and those of files that did not change and claim what one of them does. */
function withRivals(
  documents: readonly PolicyDocument[],
  kept: readonly LinkedTeam[],
): readonly PolicyDocument[] {
  const claims = claimsIn(documents);
  const rivals = kept.filter(({ policy }) => claimsOf(policy).some((claim) => claims.has(claim)));
  if (rivals.length === 0) return documents;
  const others = rivals.flatMap(
    ({ policy, text }) => readDocument(toFile(text, policy.source.file)).document ?? [],
  );
  return [...documents, ...others].sort(byName);
}

const WARNINGS = new WeakMap<TeamPolicy, readonly PolicyProblem[]>();

/** Policies are immutable, so that those which stay need no second look. */
function warningsOf(policy: TeamPolicy): readonly PolicyProblem[] {
  const known = WARNINGS.get(policy) ?? warnTeam(policy);
  WARNINGS.set(policy, known);
  return known;
}

/** What became of reading one file. */
interface ReadFile<T> {
  readonly name: string;
  /** Absent: it could not be read at all. */
  readonly document?: PolicyDocument;
  /** Only if the schema takes it. */
  readonly content?: T;
  readonly unreadable: readonly PolicyProblem[];
  readonly wrong: readonly PolicyProblem[];
}

function read<T>(files: readonly PolicyFile[], schema: z.ZodType<T>): readonly ReadFile<T>[] {
  return files.map((file) => {
    const { name } = file;
    const { document, problems: unreadable } = readDocument(file);
    if (document === undefined) return { name, unreadable, wrong: [] };
    const { content, problems: wrong } = parseWith(schema, document);
    return { name, document, unreadable, wrong, ...(content !== undefined && { content }) };
  });
}

function hasDocument<T>(file: ReadFile<T>): file is ReadFile<T> & { readonly document: PolicyDocument } {
  return file.document !== undefined;
}

function isLinkable<T>(file: ReadFile<T>): file is ReadFile<T> & LinkedFile<T> {
  return file.document !== undefined && file.content !== undefined;
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
