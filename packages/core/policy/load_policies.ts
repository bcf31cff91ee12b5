import type { z } from "zod";
import { checkBounds } from "./check/check_bounds.ts";
import { checkFileName, ORGANISATION_FILE } from "./check/check_file_name.ts";
import { checkListedMailboxes } from "./check/check_mailboxes.ts";
import { checkPatterns } from "./check/check_patterns.ts";
import { checkTeam } from "./check/check_team.ts";
import { checkUnique } from "./check/check_unique.ts";
import { warnTeam } from "./check/warn_team.ts";
import { linkPolicies } from "./link/link_policies.ts";
import type { LinkedFile } from "./link/linked_file.ts";
import { formatProblem, type PolicyProblem } from "./policy_problem.ts";
import type { PolicyFile, PolicySet } from "./policy_set.ts";
import type { PolicyDocument } from "./read/policy_document.ts";
import { readDocument } from "./read/read_document.ts";
import { organisationFileSchema } from "./schema/organisation_file.ts";
import { parseWith } from "./schema/parse_with.ts";
import { teamFileSchema } from "./schema/team_file.ts";
import { type StandingFile, standingFile } from "./without_removed.ts";

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
}

/**
 * Turns the files of the teams folder (without `*_test.yaml`) into the policies in force: each is read, checked by
 * itself, against the organisation's and against each other, and linked. Total. It reports every problem in every file;
 * with a single one, nothing is in force.
 */
export function loadPolicies(
  files: readonly PolicyFile[],
  { sha256, folder = "teams" }: LoadPoliciesOptions,
): PolicyLoadResult {
  const sorted = [...files].sort((a, b) => compare(a.name, b.name));
  const problems: PolicyProblem[] = sorted.map(checkFileName).filter((problem) => problem !== undefined);
  if (!sorted.some(({ name }) => name !== ORGANISATION_FILE))
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
  problems.push(...checkUnique(documents), ...checkPatterns(documents, organisation?.document));

  if (problems.length > 0) {
    const standing = teamFiles.map((file) => standingFile(file.name, file.document, file));
    const misnamed = sorted.filter((file) => !named.includes(file));
    return {
      ok: false,
      problems: problems.sort(byPlace),
      standing: [...standing, ...misnamed.map(({ name }) => ({ name, complete: false }))],
    };
  }
  const [bounds] = organisation ? [organisation].filter(isLinkable) : [];
  const policies = linkPolicies(teams.filter(isLinkable), bounds, { sha256 });
  const warned = [...policies.teams.values()].flatMap(warnTeam);
  // What teams take over from the organisation is warned of once.
  const warnings = [...new Map(warned.map((one) => [`${formatProblem(one)}`, one])).values()].sort(byPlace);
  return { ok: true, policies, ...(warnings.length > 0 && { warnings }) };
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

/** By code units: the same order on every machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
