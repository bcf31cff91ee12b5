import type { Account } from "../account/account.ts";
import type { Email, EmailStatus } from "../account/email.ts";
import { mailboxOfEmail } from "./mailbox_of_email.ts";

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
