import { createHash } from "node:crypto";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { loadPolicies, ORGANISATION_FILE, type PolicyProblem } from "@countersign/core/policy";
import { splitList, type TeamAnswers } from "./questions.ts";

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

/** The text of a first `_organisation.yaml` in `dir`, which the team's file keeps to. */
function organisationText({ oversight, internal }: TeamAnswers, dir: string): string {
  return `${schemaLine("organisation", dir)}#
# What holds for every team: a team's file may only be stricter.

# Our own people. Nobody else counts as internal, whatever a team writes.
internal: ${yamlList(splitList(internal))}

# The least strict mode that a team may have.
oversight: { most_permissive: ${oversight === "autonomous" ? "autonomous" : "monitored"} }

recipients:
  # Mail to people outside always needs somebody's approval.
  external: require_approval
  # Who must never be written to, by any team.
  deny: []
`;
}

/** The text of a first team file in `dir`, with comments that say why and what to do next. */
function teamText(answers: TeamAnswers, dir: string): string {
  const { team, description, mailboxId, mailboxAddress, oversight, approvers, internal } = answers;
  const assistants = splitList(answers.assistants);
  const gated = oversight.startsWith("gated");
  return `${schemaLine("team", dir)}team: ${yamlText(team)}
description: ${yamlText(description)}

mailbox:
  id: ${yamlText(mailboxId)}
  address: ${yamlText(mailboxAddress)}

# ${MEANING[oversight] ?? "What MultiMail holds for a person."}
oversight: ${yamlText(oversight)}
approvers: ${yamlList(splitList(approvers))}

# Nobody else may use the mailbox. Issue a key with: countersign keys new team/assistant
assistants:${assistants.length === 0 ? " []" : assistants.map((id) => `\n  - id: ${yamlText(id)}\n    keys: []`).join("")}

recipients:
  internal: ${yamlList(splitList(internal))}
  # ${gated ? "People outside are written to only after a person's approval." : "Nobody approves email here, so nobody outside is written to."}
  external: ${gated ? "require_approval" : "deny"}
`;
}

const MEANING: Readonly<Record<string, string>> = {
  read_only: "The mailbox may only be read.",
  gated_all:
    "A person approves every email before it leaves, and every received one before an assistant sees it.",
  gated_send: "A person approves every email before it leaves.",
  monitored: "Email leaves at once; a person gets a copy of it.",
  autonomous: "Email leaves at once, and nobody is shown it.",
};

/** A text as YAML: plain where it cannot be read as anything else, quoted elsewhere. */
function yamlText(text: string): string {
  const isWord =
    /^[A-Za-z](?:[\w .'@/()-]*[\w.)])?$/.test(text) && !/^(?:true|false|null|y|yes|n|no|on|off)$/i.test(text);
  return isWord ? text : JSON.stringify(text);
}

/** Texts as a YAML list in brackets. */
function yamlList(texts: readonly string[]): string {
  return `[${texts.map(yamlText).join(", ")}]`;
}

/** Names the schema for editors, when the file is inside the repository that holds it. */
function schemaLine(kind: "team" | "organisation", dir: string): string {
  const schema = fileURLToPath(
    new URL(`${kind}.schema.json`, import.meta.resolve("@countersign/core/policy")),
  );
  const path = relative(dir, schema).replaceAll("\\", "/");
  return /^(?:\.\.\/){1,2}packages\//.test(path) ? `# yaml-language-server: $schema=${path}\n` : "";
}
