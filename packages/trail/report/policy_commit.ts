import type { PolicyData } from "../record/policy.ts";
import type { Commitment } from "../record/sealed.ts";

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
