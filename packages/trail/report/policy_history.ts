import { isReadable } from "../record/is_readable.ts";
import { namedFiles, policyFiles } from "../store/policy_files.ts";
import type { TrailStore } from "../store/store.ts";
import { type PolicyCommit, policyCommitOf } from "./policy_commit.ts";

/** What was in force for a while. Times in epoch milliseconds. */
export interface PolicyPeriod {
  /** Hash of the policies. */
  readonly policy: string;
  /** The record with which they came in force. */
  readonly seq: number;
  readonly since: number;
  /** Null: they are in force. */
  readonly until: number | null;
  /** How many files they are. */
  readonly files: number;
  /** What is not as in the period before, by file (`finance.yaml`); `hash` is null for one that is no more. */
  readonly changed: readonly { readonly name: string; readonly hash: string | null }[];
  /** Absent: they came from no checkout, or nobody looked. */
  readonly commit?: PolicyCommit;
}

/**
 * Every set of policies that was in force, the oldest first; what a start finds as it was goes on. Keeps the names of one set's
 * files in memory.
 */
export async function* policyHistory(trail: Pick<TrailStore, "records">): AsyncGenerator<PolicyPeriod> {
  let period: PolicyPeriod | undefined;
  let files: ReadonlyMap<string, string> = new Map();
  // Policies of many files are on several records: with the last of them they are in force.
  let named = new Map<string, string>();
  for await (const { record } of trail.records({ kind: "policy" })) {
    if (!isReadable(record) || record.data.result !== "loaded" || record.policy === null) continue;
    const { data, policy } = record;
    const { since, gone = [], part = 1, parts = 1 } = data;
    if (part === 1) {
      const before = since === period?.policy ? files : since && (await policyFiles(trail, since));
      named = new Map(before || []);
      for (const name of gone) named.delete(name);
    }
    for (const [name, hash] of namedFiles(data)) named.set(name, hash);
    if (part !== parts) continue;
    const commit = policyCommitOf(data);
    if (policy === period?.policy) {
      // Who changed files first and made the commit afterwards is known with the next start.
      const isBetter = commit !== undefined && (period.commit?.isDirty ?? true);
      if (isBetter) period = { ...period, commit };
      continue;
    }
    const at = Date.parse(record.at);
    if (period !== undefined) yield { ...period, until: at };
    const changed = changesOf(files, named);
    files = named;
    period = {
      ...{ policy, seq: record.seq, since: at, until: null, files: files.size, changed },
      ...(commit && { commit }),
    };
  }
  if (period !== undefined) yield period;
}

function changesOf(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): PolicyPeriod["changed"] {
  const changed = [...after].filter(([name, hash]) => before.get(name) !== hash);
  const gone = [...before.keys()].filter((name) => !after.has(name));
  return [
    ...changed.map(([name, hash]) => ({ name, hash })),
    ...gone.map((name) => ({ name, hash: null })),
  ].sort((a, b) => (a.name < b.name ? -1 : 1));
}
