import type { Email } from "@countersign/multimail";
import type { ReceiptState, ReceiptStatus } from "./receipt_state.ts";

/** MultiMail's statuses that say where an outbound email stands. Others say nothing about that. */
const STATUS: Readonly<Record<string, ReceiptStatus>> = {
  pending_send_approval: "pending",
  scheduled: "scheduled",
  rejected: "rejected",
  cancelled: "cancelled",
  send_failed: "failed",
};

/** The state as MultiMail shows the email now. A sent email has no status of its own there: its times tell. */
export function withLiveStatus(state: ReceiptState, email: Email): ReceiptState {
  const status = email.bouncedAt
    ? "bounced"
    : email.deliveredAt
      ? "delivered"
      : email.status === "pending_scan"
        ? state.status
        : (STATUS[email.status] ?? "sent");
  return { ...state, status, multimailStatus: email.status };
}
