import type { IntentData } from "./intent_data.ts";
import type { Commitment } from "./sealed.ts";

/** What can happen to an email after MultiMail took it. */
export type LifecycleEvent =
  | "held"
  | "approved"
  | "rejected"
  | "scheduled"
  | "sent"
  | "delivered"
  | "bounced"
  | "complained"
  | "cancelled"
  | "send_failed"
  /** Judged again, it may not leave any more: it is about to be cancelled at MultiMail. */
  | "denied"
  /** MultiMail said nothing new for so long that it is not asked any more. */
  | "no_news";

/** `data` of a `lifecycle` record about an email: something happened to it. Each event is there once an email. */
export type LifecycleData = {
  readonly event: LifecycleEvent;
  /** MultiMail's email id. */
  readonly email: string;
  /** When it happened, as far as MultiMail says; ISO 8601. */
  readonly happened_at: string | null;
  /** Who decided, as far as MultiMail or the console says. */
  readonly by: Commitment | null;
  /** Why it was decided so. */
  readonly reason: Commitment | null;
  /**
   * Who decided, for `approved` and `rejected`: an `approver` of the team's policy, an `other` person, or `unknown`, when
   * MultiMail names nobody, or only the account. Absent: nobody looked.
   */
  readonly decided_by?: "approver" | "other" | "unknown";
  /** For `sent`: it had been held, and left at a time at which the policy lets none leave. Absent: it did not. */
  readonly outside_hours?: true;
  /** MultiMail's `bounce_type`. */
  readonly bounce_type: string | null;
  /** `policy`: it came of the policies in force. */
  readonly learnt_by: "webhook" | "polling" | "console" | "answer" | "policy";
  /** For `denied`: what denies, as in an intent. */
  readonly findings?: IntentData["findings"];
  /** MultiMail's own status. */
  readonly multimail_status: string | null;
  /** MultiMail is not asked about this email any more. */
  readonly final: boolean;
};

/** `data` of a `lifecycle` record about no email: MultiMail told an event that nobody here knows. */
export type UnknownEventData = {
  readonly event: "unknown";
  /** MultiMail's name for it. */
  readonly name: string;
  readonly learnt_by: "webhook";
};

/** `data` of a `readback` record: the email as MultiMail holds it, compared with what was authorised. */
export type ReadbackData = {
  /** MultiMail's email id. */
  readonly email: string;
  /** MultiMail's id of the mailbox. */
  readonly mailbox: string;
  /** Whether it waited at MultiMail, or had left. */
  readonly phase: "held" | "left";
  readonly match: boolean;
  /** Names of what differs: `to`, `cc`, `bcc`, `subject`, `body`, `attachments`, `copies`, `approval`. Never values. */
  readonly differences: readonly string[];
  /** Names of what could not be compared: MultiMail does not show it, or it was erased here. */
  readonly unchecked: readonly string[];
};

/** `data` of a `drift` record: a mailbox is not what it must be, or is again. */
export type DriftData = {
  /**
   * `differs`: settings at MultiMail are not those declared. `ends`: they are again. `stopped`: an alarm stopped the
   * mailbox. `decided_by_other`: somebody who is no approver of the team decided on its email, which stops nothing.
   * `cleared`: a person let it send again, and has seen to what was wrong.
   */
  readonly result: "differs" | "ends" | "stopped" | "decided_by_other" | "cleared";
  /** MultiMail's id of the mailbox. */
  readonly mailbox: string;
  /**
   * Paths of the policy keys that are not as declared (`differs`) or that do not name who decided (`decided_by_other`), or
   * what differed in the email (`stopped`).
   */
  readonly settings: readonly string[];
  /** For `stopped` and `decided_by_other`: the receipt of the email that raised the alarm, or of the call that read it. */
  readonly because: string | null;
  /** For `decided_by_other` about received email: MultiMail's id of it. */
  readonly email?: string;
  /** For `cleared`: who, and why. For `decided_by_other`: who decided. */
  readonly by: Commitment | null;
  readonly reason: Commitment | null;
};
