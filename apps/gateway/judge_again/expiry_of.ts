import { approvalTimes } from "@countersign/core/approval";
import type { PolicySet } from "@countersign/core/policy";
import { heldSince, receiptState, type Waiting } from "@countersign/lifecycle";

/**
 * When an email that waits for a person expires, in epoch milliseconds; undefined: never, since the policy says so, it waits for
 * nobody, or what was decided on it is yet to be carried out. Whoever forges such a decision only keeps it waiting.
 */
export function expiryOf(waiting: Waiting, { teams }: Pick<PolicySet, "teams">): number | undefined {
  const policy = teams.get(waiting.intent.team ?? "");
  if (policy?.approval.expires === undefined) return undefined;
  if (receiptState(waiting.records)?.status !== "pending") return undefined;
  const isDecided = waiting.records.some(({ record }) => record.kind === "approval" && record.data.completes);
  return isDecided ? undefined : approvalTimes(policy.approval, heldSince(waiting)).expiresAt;
}
