import {
  formatWhere,
  type PolicyProblem,
  type PolicySet,
  type RemovedRights,
} from "@countersign/core/policy";
import { type PolicyData, type PolicyEntryOptions, policyEntry } from "@countersign/trail";
import type { World } from "../enforce/world.ts";

/** How many files one record names: few enough that their texts are written in a few milliseconds. */
const FILES_PER_RECORD = 100;

/** How many records go on in one commit: a few of them are written in less time than a disk takes to keep one. */
const RECORDS_TOGETHER = 5;

/** At the start nobody else waits for the trail. */
const RECORDS_TOGETHER_AT_START = 20;

/** How many places of problems a record names: enough to know which change was refused. */
const MAX_PLACES = 10;

/** What recording needs of the world. */
type Recording = Pick<World, "trail" | "clock">;

/** What is known of policies that come in force. */
export interface RecordPoliciesOptions {
  /** What was in force until now: it is on record, and its texts are kept. Absent: nothing was. */
  readonly known?: PolicySet | undefined;
  /** The git commit that they come from. */
  readonly commit?: PolicyEntryOptions["commit"];
}

/**
 * Puts on record which policies come in force, and keeps the texts of their files. More files than one record should
 * name go on several, numbered `part` of `parts`: with the last one the policies are in force. When only a few of so many
 * changed, one record names these. The record with which they are in force names the commit that they come from.
 *
 * @throws {TrailUnavailableError} and then they must not come in force
 */
export async function recordPolicies(
  policies: PolicySet,
  { trail, clock }: Recording,
  { known, commit }: RecordPoliciesOptions = {},
): Promise<void> {
  const kept = new Set(known?.files.map(({ hash }) => hash));
  const entryOf = (files: PolicySet["files"], more: Omit<LoadedData, "result" | "files"> = {}) => {
    const named = files.map(({ name, hash }) => ({ name, hash }));
    const texts = files.filter(({ hash }) => !kept.has(hash));
    const data: LoadedData = { result: "loaded", files: named, ...more };
    const isLast = data.part === data.parts;
    return policyEntry(data, { at: clock(), policy: policies.hash, texts, ...(isLast && { commit }) });
  };
  const { files } = policies;
  const parts = Math.ceil(files.length / FILES_PER_RECORD);
  const difference = parts > 1 && known !== undefined ? differenceOf(known, policies) : undefined;
  if (difference !== undefined) {
    const { changed, ...more } = difference;
    await trail.append(entryOf(changed, more));
    return;
  }
  const partOf = (index: number) =>
    entryOf(
      files.slice(index * FILES_PER_RECORD, (index + 1) * FILES_PER_RECORD),
      parts > 1 ? { part: index + 1, parts } : {},
    );
  const together = known === undefined ? RECORDS_TOGETHER_AT_START : RECORDS_TOGETHER;
  for (let first = 0; first < parts; first += together) {
    const count = Math.min(together, parts - first);
    await trail.appendAll(Array.from({ length: count }, (_, index) => partOf(first + index)));
  }
}

type LoadedData = PolicyData & { readonly result: "loaded" };

/** What one record names of policies that differ a little from those before them; undefined: they differ more. */
function differenceOf(before: PolicySet, after: PolicySet) {
  const hashes = new Map(before.files.map(({ name, hash }) => [name, hash]));
  const changed = after.files.filter(({ name, hash }) => hashes.get(name) !== hash);
  for (const { name } of after.files) hashes.delete(name);
  const gone = [...hashes.keys()];
  if (changed.length + gone.length > FILES_PER_RECORD) return undefined;
  return { changed, since: before.hash, ...(gone.length > 0 && { gone }) };
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
  { inForce, removed }: { readonly inForce: string; readonly removed: Omit<RemovedRights, "people"> },
  { trail, clock }: Recording,
): Promise<void> {
  const places = problems.slice(0, MAX_PLACES).map(({ where }) => formatWhere(where));
  const data: PolicyData = {
    result: "refused",
    problems: problems.length,
    places,
    ...(hasAny(removed) && {
      removed: { teams: removed.teams, assistants: removed.assistants, keys: removed.keys },
    }),
  };
  await trail.append(policyEntry(data, { at: clock(), policy: inForce }));
}

/** Whether anything was removed that calls. */
export function hasAny({ teams, assistants, keys }: Omit<RemovedRights, "people">): boolean {
  return teams.length + assistants.length + keys.length > 0;
}
