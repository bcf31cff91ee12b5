import { randomUUID } from "node:crypto";
import type { Account } from "../account/account.ts";
import type { Email } from "../account/email.ts";
import { ApiError } from "../http/api_error.ts";
import { releaseEmail } from "./release_email.ts";
import { mailboxOfEmail, setStatus } from "./set_status.ts";

/** The answer to a decision (MultiMail's own fields). */
export interface DecisionAnswer {
  readonly status: "approved" | "approved_and_sent" | "rejected";
  /** Only when the email left. */
  readonly postmark_message_id?: string;
}

/**
 * Applies a person's decision to an email that waits for one. Throws an `ApiError` 409 for any other: deciding twice
 * is undocumented at MultiMail, and a second answer that looks like success would hide that the first one counted.
 */
export function decideEmail(account: Account, email: Email, action: "approve" | "reject"): DecisionAnswer {
  if (!account.held.has(email.id)) {
    throw new ApiError(409, `Email is not awaiting approval: its status is ${email.status}`);
  }
  account.usage.oversightActions++;
  const mailbox = mailboxOfEmail(account, email);
  if (action === "reject") {
    // Who rejected MultiMail shows nowhere, as far as anybody knows: only where a test has named somebody.
    email.approvedBy = account.decider;
    setStatus(account, email, "rejected");
    account.webhooks.emit("oversight.rejected", mailbox, email);
    return { status: "rejected" };
  }
  email.approvedAt = account.now();
  email.approvedBy = account.decider ?? account.oversightEmail;
  account.webhooks.emit("oversight.approved", mailbox, email);
  if (email.direction === "inbound") {
    setStatus(account, email, "unread");
    account.webhooks.emit("message.received", mailbox, email);
    return { status: "approved" };
  }
  releaseEmail(account, mailbox, email);
  return email.deliveredAt === null
    ? { status: "approved" }
    : { status: "approved_and_sent", postmark_message_id: randomUUID() };
}
