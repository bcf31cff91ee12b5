import type { ReceiptStatus } from "@countersign/lifecycle";

/** A word that begins an answer, and what it says about the email. */
export interface Verdict {
  readonly word: string;
  readonly meaning: string;
}

/** How each state of an email is told to an assistant: the same words when it is asked for and later. */
export const VERDICTS: Readonly<Record<ReceiptStatus, Verdict>> = {
  denied: { word: "DENIED", meaning: "the policy refused it; nothing was sent" },
  unconfirmed: {
    word: "UNCONFIRMED",
    meaning: "MultiMail has not answered, so nobody knows yet whether the email left; do not send it again",
  },
  pending: { word: "HELD", meaning: "the email waits for a person's approval; it has not been sent" },
  scheduled: {
    word: "SCHEDULED",
    meaning: "the email is accepted and leaves later; it has not been sent yet",
  },
  queued: {
    word: "ACCEPTED",
    meaning: "MultiMail has taken the email, which needs no approval; it is not yet known to be delivered",
  },
  refused: { word: "FAILED", meaning: "MultiMail did not take it; nothing was sent" },
  answered: { word: "OK", meaning: "this receipt is of a question, which was answered; it is of no email" },
  sent: { word: "SENT", meaning: "the email has left; it is not yet known to be delivered" },
  delivered: { word: "DELIVERED", meaning: "the email has been delivered" },
  bounced: { word: "BOUNCED", meaning: "the email was sent and came back: it did not reach its recipient" },
  rejected: { word: "REJECTED", meaning: "a person decided against the email; it has not been sent" },
  changes_asked: {
    word: "CHANGES ASKED",
    meaning: "a person wants the email written differently; it has not been sent",
  },
  expired: { word: "EXPIRED", meaning: "nobody decided on the email in time; it has not been sent" },
  cancelled: { word: "CANCELLED", meaning: "the email was taken back; it will not be sent" },
  failed: { word: "FAILED", meaning: "MultiMail could not send the email" },
};
