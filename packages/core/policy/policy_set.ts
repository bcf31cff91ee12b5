import type { OrganisationPolicy } from "./organisation_policy.ts";
import type { TeamPolicy } from "./team_policy.ts";

/** Every team's policy, linked: what is in force at one moment. Immutable, plain data. */
export interface PolicySet {
  /** SHA-256, hexadecimal, over the names and hashes of all files: one name for what was in force. */
  readonly hash: string;
  /** The files that it was made from, for the trail, sorted by name. */
  readonly files: readonly PolicyFileText[];
  /** By team. */
  readonly teams: ReadonlyMap<string, TeamPolicy>;
  /** By the key's SHA-256, hexadecimal, without `sha256:`. */
  readonly keys: ReadonlyMap<string, AssistantRef>;
  /** Absent: there is no file of the organisation's. */
  readonly organisation?: OrganisationPolicy;
}

/** One assistant of one team. */
export interface AssistantRef {
  readonly team: string;
  readonly assistant: string;
}

/** A policy file as it was read. */
export interface PolicyFileText {
  /** File name in the teams folder: `finance.yaml`. */
  readonly name: string;
  /** SHA-256 of the bytes, hexadecimal. */
  readonly hash: string;
  readonly text: string;
}

/** One file of the teams folder, as it lies there. */
export interface PolicyFile {
  /** Its name in the folder: `finance.yaml`. */
  readonly name: string;
  /** As people see it: `teams/finance.yaml`. */
  readonly file: string;
  readonly bytes: Uint8Array;
}
