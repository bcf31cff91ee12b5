import type { Account } from "../account/account.ts";
import type { Email, EmailStatus } from "../account/email.ts";
import type { Mailbox } from "../account/mailbox.ts";

/** Changes an email's status and keeps the list of what waits for a decision. */
export function setStatus(account: Account, email: Email, status: EmailStatus): void {
  email.status = status;
  if (status === "pending_send_approval" || status === "pending_inbound_approval") {
    account.held.set(email.id, email);
    account.webhooks.emit("oversight.pending", mailboxOfEmail(account, email), email);
  } else {
    account.held.delete(email.id);
  }
}

/** The mailbox of a stored email. Mailboxes are never removed, so there is one. */
export function mailboxOfEmail(account: Account, email: Email): Mailbox {
  const mailbox = account.mailboxes.get(email.mailboxId);
  if (mailbox === undefined)
    throw new Error(`Cannot find mailbox "${email.mailboxId}" of email "${email.id}"`);
  return mailbox;
}
