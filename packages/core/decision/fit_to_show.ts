/** An email of a mailbox, as far as it matters who may see it. */
export interface MailboxEmail {
  /** MultiMail's own text. */
  readonly status: string;
  /** It is the mailbox's own outbound email. False when nobody knows: then it may be a stranger's. */
  readonly isOwn: boolean;
  /** MultiMail says when it was delivered, or came back. */
  readonly hasLeft: boolean;
}

/**
 * Statuses of email that lies in a mailbox like any other. Not among them: what waits for a person
 * (`pending_inbound_approval`), what a person decided against (`rejected`) or threw away (`deleted`), what MultiMail takes
 * for spam (`spam_flagged`, `spam_quarantined`), what it has not looked at yet (`pending_scan`).
 */
const LYING: ReadonlySet<string> = new Set(["unread", "read", "archived"]);

/** Statuses of the mailbox's own email that has not left, or never will: its assistants wrote it. */
const UNDER_WAY: ReadonlySet<string> = new Set([
  "pending_scan",
  "pending_send_approval",
  "scheduled",
  "rejected",
  "cancelled",
  "send_failed",
]);

/** What MultiMail calls an email that was sent is documented nowhere: these say so by themselves. */
const SENT: ReadonlySet<string> = new Set([...LYING, "sent", "delivered"]);

/** Statuses that speak against showing even the mailbox's own email that left. */
const WITHDRAWN: ReadonlySet<string> = new Set([
  "deleted",
  "spam_flagged",
  "spam_quarantined",
  "pending_inbound_approval",
]);

/**
 * Whether an assistant may be shown an email: only where its status is known to be fit for that. A status that nobody
 * knows is not, unless it is of the mailbox's own email, of which MultiMail says that it left.
 */
export function isFitToShow(email: MailboxEmail): boolean {
  return isFitToAnswer(email) || (email.isOwn && UNDER_WAY.has(email.status));
}

/**
 * Whether an assistant may reply to an email: one that it may be shown and that is out in the world. A reply quotes what
 * it answers, which must not be what a person decided against, or has not decided on yet.
 */
export function isFitToAnswer({ status, isOwn, hasLeft }: MailboxEmail): boolean {
  if (!isOwn) return LYING.has(status);
  return SENT.has(status) || (hasLeft && !WITHDRAWN.has(status) && !UNDER_WAY.has(status));
}
