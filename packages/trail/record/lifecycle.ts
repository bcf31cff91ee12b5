import type { IntentData } from "./intent.ts";
import { type Kind, WHO_AND_WHY } from "./kind.ts";
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

/** A `lifecycle`'s commitments, and what it means to others. */
export const LIFECYCLE: Kind = {
  commitments: WHO_AND_WHY,
  person: "by",
  ends: ({ final }) => final === true,
};
