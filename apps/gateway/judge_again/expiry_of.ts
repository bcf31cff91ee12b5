import { approvalTimes } from "@countersign/core/approval";
import type { PolicySet } from "@countersign/core/policy";
import { heldSince, receiptState, sinceLapse, type Waiting } from "@countersign/lifecycle";

/**
 * When an email that waits for a person expires, in epoch milliseconds; undefined: never, since the policy says so, it waits for
 * nobody, or what was decided on it is yet to be carried out. Whoever forges such a decision only keeps it waiting.
 */
export function expiryOf(waiting: Waiting, { teams }: Pick<PolicySet, "teams">): number | undefined {
  const policy = teams.get(waiting.intent.team ?? "");
  if (policy?.approval.expires === undefined) return undefined;
  if (receiptState(waiting.records)?.status !== "pending") return undefined;
  return isDecided(waiting) ? undefined : approvalTimes(policy.approval, heldSince(waiting)).expiresAt;
}

/** Whether everybody who must has decided, and what they decided has not lapsed: it is yet to be carried out. */
export function isDecided({ records }: Pick<Waiting, "records">): boolean {
  return sinceLapse(records).some(({ record }) => record.kind === "approval" && record.data.completes);
}
