import type { Email } from "@countersign/multimail";
import type { LifecycleEvent } from "@countersign/trail";

/** Something that happened to an email, as MultiMail shows it. */
export interface Happened {
  readonly event: LifecycleEvent;
  /** ISO 8601, when MultiMail says so. */
  readonly at?: string;
}

/** Statuses of an email that has not left. */
const WAITING: ReadonlySet<string> = new Set(["pending_scan", "pending_send_approval", "scheduled"]);

/** Statuses of an email that will not leave. */
const ENDED: ReadonlySet<string> = new Set(["rejected", "cancelled", "send_failed"]);

/** Statuses that MultiMail gives to email that lies in a mailbox: none of its own says that an email was sent. */
const LYING: ReadonlySet<string> = new Set(["read", "unread", "archived", "sent", "delivered"]);

/**
 * What has happened to an outbound email, in order. `told` is what webhooks say: it counts only where what MultiMail
 * shows does not contradict it, and for complaints, which MultiMail shows nowhere. A status that nobody knows says
 * nothing.
 */
export function eventsOf(email: Email, told: ReadonlySet<LifecycleEvent> = new Set()): readonly Happened[] {
  const { status, approvedAt, deliveredAt, bouncedAt } = email;
  const isRejected = status === "rejected";
  const isPending = status === "pending_send_approval";
  const hasLeft =
    deliveredAt !== undefined ||
    bouncedAt !== undefined ||
    LYING.has(status) ||
    (told.has("sent") && !WAITING.has(status) && !ENDED.has(status));
  const happened: (Happened | false)[] = [
    (isPending || (approvedAt !== undefined && !isRejected)) && { event: "held" },
    approvedAt !== undefined && !isRejected && !isPending && { event: "approved", at: approvedAt },
    isRejected && { event: "rejected", ...(approvedAt !== undefined && { at: approvedAt }) },
    status === "scheduled" && { event: "scheduled" },
    status === "cancelled" && { event: "cancelled" },
    status === "send_failed" && { event: "send_failed" },
    hasLeft && { event: "sent" },
    deliveredAt !== undefined && { event: "delivered", at: deliveredAt },
    bouncedAt !== undefined && { event: "bounced", at: bouncedAt },
    hasLeft && told.has("complained") && { event: "complained" },
  ];
  return happened.filter((one) => one !== false);
}

/** Whether an email waits at MultiMail, has left, or is not on its way; undefined: MultiMail still scans it, or says what nobody knows. */
export function phaseOf(events: readonly Happened[]): "held" | "left" | "ended" | undefined {
  const has = (...names: readonly LifecycleEvent[]) => events.some(({ event }) => names.includes(event));
  if (has("sent")) return "left";
  if (has("rejected", "cancelled", "send_failed")) return "ended";
  return has("held", "scheduled") ? "held" : undefined;
}
