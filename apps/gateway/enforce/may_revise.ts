import type { Finding } from "@countersign/core/decision";
import type { AssistantRef } from "@countersign/core/policy";
import { type ReceiptStatus, receiptState } from "@countersign/lifecycle";
import type { TrailStore } from "@countersign/trail";

/** What became of an email that another may replace. */
const REVISED: ReadonlySet<ReceiptStatus> = new Set(["rejected", "changes_asked"]);

/**
 * Whether an assistant's new email may name this receipt as that of the one which it replaces. What became of another's email
 * is not told.
 *
 * @throws {TrailUnavailableError}
 */
export async function mayRevise(
  receipt: string,
  { team, assistant }: AssistantRef,
  trail: Pick<TrailStore, "recordsOf">,
): Promise<boolean> {
  const state = receiptState(await trail.recordsOf(receipt));
  return state?.team === team && state.assistant === assistant && REVISED.has(state.status);
}

/** Refuses an email that names a receipt which it may not. */
export const NOT_REVISABLE: Finding = {
  rule: "request",
  effect: "deny",
  message:
    "revises: Must be the receipt of an email of yours that was rejected, or to which changes were asked; leave it out for a new email",
};
