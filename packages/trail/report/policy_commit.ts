import { isReadable } from "../record/is_readable.ts";
import type { PolicyData } from "../record/policy.ts";
import type { Commitment } from "../record/sealed.ts";
import type { TrailStore } from "../store/store.ts";

/** The git commit that policies came from, as a record says. */
export interface PolicyCommit {
  /** Its hash, in hexadecimal. */
  readonly id: string;
  /** Who made it; absent: it does not say. `TrailStore.unseal` has the name, unless it was erased. */
  readonly author?: Commitment;
  /** The files were not as the commit has them. */
  readonly isDirty: boolean;
}

/** The commit that a record of policies names, if any. */
export function policyCommitOf(data: PolicyData): PolicyCommit | undefined {
  if (data.result === "refused" || typeof data.commit !== "string") return undefined;
  const { commit: id, author, dirty } = data;
  return { id, ...(typeof author === "string" && { author }), isDirty: dirty === true };
}

/** The commit with which policies, by their hash, came in force last; undefined: they came from no checkout, or never did. */
export async function policyCommit(
  trail: Pick<TrailStore, "records">,
  policy: string,
): Promise<PolicyCommit | undefined> {
  for await (const { record } of trail.records({ kind: "policy", newestFirst: true })) {
    if (record.policy !== policy || !isReadable(record) || record.data.result !== "loaded") continue;
    // With the last of several records they are in force.
    return policyCommitOf(record.data);
  }
  return undefined;
}
