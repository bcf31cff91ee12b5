import { isReadable } from "../record/is_readable.ts";
import type { TrailStore } from "../store/store.ts";

/** What a file of policies said for a while. Times in epoch milliseconds. */
export interface FileVersion {
  /** SHA-256 of its text, hexadecimal: `TrailStore.policyText` has it. */
  readonly hash: string;
  readonly since: number;
  /** Null: it is in force. */
  readonly until: number | null;
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
  for await (const { record } of trail.records({ kind: "policy" })) {
    if (!isReadable(record) || record.data.result !== "loaded" || !Array.isArray(record.data.files)) continue;
    const { files, since, gone = [], part = 1, parts = 1 } = record.data;
    if (part === 1) found = since === undefined || gone.includes(name) ? undefined : known.get(since);
    found = files.find((file) => file.name === name)?.hash ?? found;
    if (part !== parts) continue;
    known.set(record.policy, found);
    const last = versions.at(-1);
    const current = last?.until === null ? last : undefined;
    if (current?.hash === found) continue;
    const at = Date.parse(record.at);
    if (current !== undefined) versions[versions.length - 1] = { ...current, until: at };
    if (found !== undefined) versions.push({ hash: found, since: at, until: null });
  }
  return versions.reverse();
}
