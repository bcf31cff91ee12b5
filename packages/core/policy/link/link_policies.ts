import type { AssistantRef, PolicySet } from "../policy_set.ts";
import type { OrganisationFile } from "../schema/organisation_file.ts";
import type { TeamFile } from "../schema/team_file.ts";
import { linkTeam } from "./link_team.ts";
import type { LinkedFile } from "./linked_file.ts";

/** Hashes, which the core cannot make itself. */
export interface LinkPoliciesOptions {
  /** SHA-256 of the bytes, hexadecimal. */
  readonly sha256: (bytes: Uint8Array) => string;
}

/** Links files that have no problem, by themselves or together. The set's hash is that of `sha256sum`'s output for them. */
export function linkPolicies(
  teams: readonly LinkedFile<TeamFile>[],
  organisation: LinkedFile<OrganisationFile> | undefined,
  { sha256 }: LinkPoliciesOptions,
): PolicySet {
  const utf8 = new TextEncoder();
  // A file without problems is strict UTF-8: its text encodes to the bytes that it was read from.
  const hashOf = ({ document }: LinkedFile<unknown>): string => sha256(utf8.encode(document.text));
  const files = [...teams, ...(organisation ? [organisation] : [])]
    .map((file) => ({ name: file.document.name, hash: hashOf(file), text: file.document.text }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const hashes = new Map(files.map(({ name, hash }) => [name, hash]));

  const keys = new Map<string, AssistantRef>();
  for (const { content } of teams)
    for (const assistant of content.assistants)
      for (const key of assistant.keys ?? [])
        keys.set(key.replace(/^sha256:/, ""), { team: content.team, assistant: assistant.id });

  return {
    hash: sha256(utf8.encode(files.map(({ name, hash }) => `${hash}  ${name}\n`).join(""))),
    files,
    teams: new Map(
      teams.map((team) => [
        team.content.team,
        linkTeam(team, organisation, { hash: hashes.get(team.document.name) ?? "" }),
      ]),
    ),
    keys,
  };
}
