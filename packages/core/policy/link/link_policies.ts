import type { AssistantRef, PolicyFileText, PolicySet } from "../policy_set.ts";
import type { OrganisationFile } from "../schema/organisation_file.ts";
import type { TeamFile } from "../schema/team_file.ts";
import type { TeamPolicy } from "../team_policy.ts";
import { linkTeam } from "./link_team.ts";
import type { LinkedFile } from "./linked_file.ts";

/** Hashes, which the core cannot make itself, and what is linked already. */
export interface LinkPoliciesOptions {
  /** SHA-256 of the bytes, hexadecimal. */
  readonly sha256: (bytes: Uint8Array) => string;
  /** Teams that are taken over as they are, each with its file. They were linked with the same organisation's file. */
  readonly kept?: readonly LinkedTeam[];
}

/** A team's policy, and the file that it was made from. */
export interface LinkedTeam {
  readonly policy: TeamPolicy;
  readonly text: PolicyFileText;
}

/** Links files that have no problem, by themselves or together. The set's hash is that of `sha256sum`'s output for them. */
export function linkPolicies(
  teams: readonly LinkedFile<TeamFile>[],
  organisation: LinkedFile<OrganisationFile> | undefined,
  { sha256, kept = [] }: LinkPoliciesOptions,
): PolicySet {
  const utf8 = new TextEncoder();
  // A file without problems is strict UTF-8: its text encodes to the bytes that it was read from.
  const textOf = ({ document: { name, text } }: LinkedFile<unknown>): PolicyFileText => ({
    name,
    hash: sha256(utf8.encode(text)),
    text,
  });
  const linked = teams.map((team) => {
    const text = textOf(team);
    return { policy: linkTeam(team, organisation, text), text };
  });
  return joinTeams([...kept, ...linked], organisation && textOf(organisation), { sha256 });
}

/** The set of these teams, in whatever order they are given, and the organisation's file. */
export function joinTeams(
  teams: readonly LinkedTeam[],
  organisation: PolicyFileText | undefined,
  { sha256 }: Pick<LinkPoliciesOptions, "sha256">,
): PolicySet {
  const sorted = [...teams].sort((a, b) => byName(a.text, b.text));
  const texts = sorted.map(({ text }) => text);
  const files = organisation ? [...texts, organisation].sort(byName) : texts;

  const keys = new Map<string, AssistantRef>();
  for (const { policy } of sorted)
    for (const assistant of policy.assistants.values())
      for (const key of assistant.keys)
        keys.set(key.replace(/^sha256:/, ""), { team: policy.team, assistant: assistant.id });

  const lines = files.map(({ name, hash }) => `${hash}  ${name}\n`).join("");
  return {
    hash: sha256(new TextEncoder().encode(lines)),
    files,
    teams: new Map(sorted.map(({ policy }) => [policy.team, policy])),
    keys,
  };
}

function byName(a: PolicyFileText, b: PolicyFileText): number {
  return a.name < b.name ? -1 : 1;
}
