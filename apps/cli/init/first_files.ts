import { createHash } from "node:crypto";
import { join } from "node:path";
import { loadPolicies, ORGANISATION_FILE, type PolicyProblem } from "@countersign/core/policy";
import { organisationText } from "./organisation_text.ts";
import type { TeamAnswers } from "./team_answers.ts";
import { teamText } from "./team_text.ts";

/** A file to be written. */
export interface FirstFile {
  readonly name: string;
  readonly text: string;
}

/** What to write, and into what. */
export interface FirstFilesOptions {
  readonly dir: string;
  /** Whether the organisation's file is to be written too. */
  readonly organisation: boolean;
  /** The policies that are in `dir` already. */
  readonly existing: readonly FirstFile[];
}

/** The files that the answers make, and every problem that the folder would have with them. */
export function firstFiles(
  answers: TeamAnswers,
  { dir, organisation, existing }: FirstFilesOptions,
): { readonly files: readonly FirstFile[]; readonly problems: readonly PolicyProblem[] } {
  const files = [
    { name: `${answers.team}.yaml`, text: teamText(answers, dir) },
    ...(organisation ? [{ name: ORGANISATION_FILE, text: organisationText(answers, dir) }] : []),
  ];
  const names = new Set(files.map(({ name }) => name));
  const together = [...existing.filter(({ name }) => !names.has(name)), ...files].map(({ name, text }) => ({
    name,
    file: join(dir, name),
    bytes: new TextEncoder().encode(text),
  }));
  const result = loadPolicies(together, {
    sha256: (bytes) => createHash("sha256").update(bytes).digest("hex"),
  });
  return { files, problems: result.ok ? [] : result.problems };
}
