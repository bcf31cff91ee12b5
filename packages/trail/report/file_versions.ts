import { isReadable } from "../record/is_readable.ts";
import type { TrailStore } from "../store/store.ts";
import { type PolicyCommit, policyCommitOf } from "./policy_commit.ts";

/** What a file of policies said for a while. Times in epoch milliseconds. */
export interface FileVersion {
  /** SHA-256 of its text, hexadecimal: `TrailStore.policyText` has it. */
  readonly hash: string;
  readonly since: number;
  /** Null: it is in force. */
  readonly until: number | null;
  /** The git commit with which it came. Absent: it came from no checkout, or nobody looked. */
  readonly commit?: PolicyCommit;
}

/** Every version of a file (`finance.yaml`) that was in force, the newest first, as the trail has it. */
export async function fileVersions(
  trail: Pick<TrailStore, "records">,
  name: string,
): Promise<readonly FileVersion[]> {
  const versions: FileVersion[] = [];
  /** Hash of the file by that of the policies that it was in. */
  const known = new Map<string | null, string | undefined>();
  // Policies of many files are on several records: with the last of them they are in force.
  let found: string | undefined;
  /** Hash of the policies with which the last version came. */
  let cameWith: string | null = null;
  for await (const { record } of trail.records({ kind: "policy" })) {
    if (!isReadable(record) || record.data.result !== "loaded" || !Array.isArray(record.data.files)) continue;
    const { files, since, gone = [], part = 1, parts = 1 } = record.data;
    if (part === 1) found = since === undefined || gone.includes(name) ? undefined : known.get(since);
    found = files.find((file) => file.name === name)?.hash ?? found;
    if (part !== parts) continue;
    known.set(record.policy, found);
    const last = versions.at(-1);
    const current = last?.until === null ? last : undefined;
    const commit = policyCommitOf(record.data);
    if (current !== undefined && current.hash === found) {
      // Who changed files first and made the commit afterwards is known with the next start.
      const isBetter = commit !== undefined && (current.commit?.isDirty ?? true);
      if (isBetter && record.policy === cameWith) versions[versions.length - 1] = { ...current, commit };
      continue;
    }
    if (current === undefined && found === undefined) continue;
    cameWith = record.policy;
    const at = Date.parse(record.at);
    if (current !== undefined) versions[versions.length - 1] = { ...current, until: at };
    if (found !== undefined)
      versions.push({ hash: found, since: at, until: null, ...(commit && { commit }) });
  }
  return versions.reverse();
}
