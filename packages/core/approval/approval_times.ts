import type { ApprovalPolicy } from "../policy/mod.ts";

/** When something happens to an email on which nobody decides; epoch milliseconds. Absent: never. */
export interface ApprovalTimes {
  readonly expiresAt?: number;
  readonly escalatesAt?: number;
}

/** When an email that waits since `heldAt` (epoch milliseconds) expires, and when others may decide on it too. */
export function approvalTimes(
  { expires, escalate }: Pick<ApprovalPolicy, "expires" | "escalate">,
  heldAt: number,
): ApprovalTimes {
  return {
    ...(expires && { expiresAt: heldAt + expires.ms }),
    ...(escalate && { escalatesAt: heldAt + escalate.after.ms }),
  };
}

/**
 * When people are next reminded of an email that waits since `heldAt`, after the time `after` (both epoch milliseconds):
 * each `remind`, as long as it waits. Undefined: never.
 */
export function nextReminder(
  { expires, remind }: Pick<ApprovalPolicy, "expires" | "remind">,
  { heldAt, after }: { readonly heldAt: number; readonly after: number },
): number | undefined {
  if (remind === undefined) return undefined;
  const passed = Math.floor((after - heldAt) / remind.ms);
  const next = heldAt + Math.max(passed + 1, 1) * remind.ms;
  return expires !== undefined && next >= heldAt + expires.ms ? undefined : next;
}
