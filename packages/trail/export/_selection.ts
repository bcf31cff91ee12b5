import { isReadable } from "../record/is_readable.ts";
import { namedCommitments } from "../record/named_commitments.ts";
import type { RecordFilter } from "../store/find_records.ts";
import { namedFiles, policyFiles } from "../store/policy_files.ts";
import type { TrailStore } from "../store/store.ts";
import type { ExportHeader } from "./export_header.ts";

const SHARED_FILE = /^_organisation\.ya?ml$/;

/**
 * What the filter of an export asks for, its sealed values opened.
 *
 * @throws {Error} when one of them was erased meanwhile
 */
export async function wantedBy(trail: TrailStore, { filter }: ExportHeader): Promise<RecordFilter> {
  const commitments = namedCommitments("export", { filter: { ...filter } }).map(
    ({ commitment }) => commitment,
  );
  const values = await trail.unseal(commitments);
  const entries = Object.entries(filter).flatMap(([name, value]) => {
    if (value === null || value === undefined) return [];
    if (!commitments.includes(value)) return [[name, value]];
    const opened = values.get(value);
    if (opened === undefined) throw new Error("Cannot export: whom it is about was erased meanwhile");
    return [[name, opened]];
  });
  return Object.fromEntries(entries);
}

/** Texts of the policy files that were in force in the stretch, once each; of one team, its own and the organisation's. */
export async function* textsOf(
  trail: TrailStore,
  { from, to, filter: { team } }: ExportHeader,
): AsyncGenerator<{ readonly name: string; readonly hash: string; readonly text: string }> {
  const names = new Map<string, string>();
  /** Hashes of policies of which records name only what differs. */
  const partly = new Set<string>();
  let policy: string | null = null;
  for await (const { record } of trail.records({ kind: "policy" })) {
    if (record.seq >= to) break;
    const { data } = record;
    if (!isReadable(record) || data.result !== "loaded") continue;
    const isBefore = record.seq <= from;
    // Until the stretch begins, only what came in force last counts.
    if (isBefore && record.policy !== policy) {
      names.clear();
      partly.clear();
    }
    policy = record.policy;
    for (const [name, hash] of namedFiles(data)) names.set(hash, name);
    if (typeof data.since === "string") partly.add(isBefore ? (policy ?? "") : data.since);
  }
  for (const one of partly)
    for (const [name, hash] of (await policyFiles(trail, one)) ?? []) names.set(hash, name);
  for (const [hash, name] of names) {
    const text = await trail.policyText(hash);
    if (text === undefined) continue;
    if (team === null || SHARED_FILE.test(name) || isOfTeam(text, team)) yield { name, hash, text };
  }
}

function isOfTeam(text: string, team: string): boolean {
  return text.split("\n").some((line) => /^team:\s*["']?([\w.-]+)["']?\s*(?:#.*)?$/.exec(line)?.[1] === team);
}
