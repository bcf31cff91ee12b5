import type { OrganisationPolicy } from "../organisation_policy.ts";
import type { AssistantRef, PolicyFile, PolicyFileText, PolicySet } from "../policy_set.ts";
import type { PolicyDocument } from "../read/policy_document.ts";
import type { TeamPolicy } from "../team_policy.ts";

/** Hashes, which the core cannot make itself. */
export interface LinkPoliciesOptions {
  /** SHA-256 of the bytes, hexadecimal. */
  readonly sha256: (bytes: Uint8Array) => string;
}

/** A team's policy, and the file that it was made from. */
export interface LinkedTeam {
  readonly policy: TeamPolicy;
  readonly text: PolicyFileText;
}

/** What the organisation's file says besides its bounds, and the file that it was made from. */
export interface LinkedOrganisation {
  readonly policy: OrganisationPolicy;
  readonly text: PolicyFileText;
}

/** The text of a file without problems, by the hash of the bytes that it was read from: it encodes to just these. */
export function fileText(
  { name, bytes }: PolicyFile,
  { text }: PolicyDocument,
  { sha256 }: LinkPoliciesOptions,
): PolicyFileText {
  return { name, hash: sha256(bytes), text };
}

/** What the schema wants every key to begin with. */
const KEY_START = "sha256:";

/** Puts teams, in whatever order they are given, and the organisation's file together. The set's hash is that of `sha256sum`'s output for them. */
export function joinTeams(
  teams: readonly LinkedTeam[],
  organisation: LinkedOrganisation | undefined,
  { sha256 }: LinkPoliciesOptions,
): PolicySet {
  const sorted = [...teams].sort((a, b) => byName(a.text, b.text));
  const texts = sorted.map(({ text }) => text);
  const files = organisation ? [...texts, organisation.text].sort(byName) : texts;

  const keys = new Map<string, AssistantRef>();
  for (const { policy } of sorted)
    for (const assistant of policy.assistants.values())
      for (const key of assistant.keys)
        keys.set(key.slice(KEY_START.length), { team: policy.team, assistant: assistant.id });

  const lines = files.map(({ name, hash }) => `${hash}  ${name}\n`).join("");
  return {
    hash: sha256(new TextEncoder().encode(lines)),
    files,
    teams: new Map(sorted.map(({ policy }) => [policy.team, policy])),
    keys,
    ...(organisation && { organisation: organisation.policy }),
  };
}

function byName(a: PolicyFileText, b: PolicyFileText): number {
  return a.name < b.name ? -1 : 1;
}
