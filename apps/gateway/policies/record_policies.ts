import {
  formatWhere,
  type PolicyProblem,
  type PolicySet,
  type RemovedRights,
} from "@countersign/core/policy";
import { type PolicyData, policyEntry } from "@countersign/trail";
import type { World } from "../enforce/world.ts";

/** How many files one record names: few enough that their texts are written in a few milliseconds. */
const FILES_PER_RECORD = 100;

/** How many records go on in one commit: a few of them are written in less time than a disk takes to keep one. */
const RECORDS_TOGETHER = 5;

/** How many places of problems a record names: enough to know which change was refused. */
const MAX_PLACES = 10;

/** What recording needs of the world. */
type Recording = Pick<World, "trail" | "clock">;

/**
 * Puts on record which policies come in force, and keeps the texts of their files. More files than one record should
 * name go on several, numbered `part` of `parts`: with the last one the policies are in force.
 *
 * @param known what was in force until now: its texts are kept already
 * @throws {TrailUnavailableError} and then they must not come in force
 */
export async function recordPolicies(
  policies: PolicySet,
  { trail, clock }: Recording,
  known?: PolicySet,
): Promise<void> {
  const kept = new Set(known?.files.map(({ hash }) => hash));
  const parts = Math.ceil(policies.files.length / FILES_PER_RECORD);
  const entryOf = (index: number) => {
    const files = policies.files.slice(index * FILES_PER_RECORD, (index + 1) * FILES_PER_RECORD);
    const data: PolicyData = {
      result: "loaded",
      files: files.map(({ name, hash }) => ({ name, hash })),
      ...(parts > 1 && { part: index + 1, parts }),
    };
    const texts = files.filter(({ hash }) => !kept.has(hash));
    return policyEntry(data, { at: clock(), policy: policies.hash, texts });
  };
  for (let first = 0; first < parts; first += RECORDS_TOGETHER) {
    const count = Math.min(RECORDS_TOGETHER, parts - first);
    await trail.appendAll(Array.from({ length: count }, (_, index) => entryOf(first + index)));
  }
}

/**
 * Puts on record that a folder of policies was refused: how many problems, and where the first ones are. Messages may
 * quote the files, so they stay out.
 *
 * @param options.inForce hash of the policies that stay
 * @param options.removed what the files no longer have, and is in force no longer either
 * @throws {TrailUnavailableError}
 */
export async function recordRefusedPolicies(
  problems: readonly PolicyProblem[],
  { inForce, removed }: { readonly inForce: string; readonly removed: RemovedRights },
  { trail, clock }: Recording,
): Promise<void> {
  const places = problems.slice(0, MAX_PLACES).map(({ where }) => formatWhere(where));
  const data: PolicyData = {
    result: "refused",
    problems: problems.length,
    places,
    ...(hasAny(removed) && { removed: { ...removed } }),
  };
  await trail.append(policyEntry(data, { at: clock(), policy: inForce }));
}

/** Whether anything was removed. */
export function hasAny({ teams, assistants, keys }: RemovedRights): boolean {
  return teams.length + assistants.length + keys.length > 0;
}
