import type { Account } from "../account/account.ts";
import type { Email } from "../account/email.ts";
import type { Mailbox } from "../account/mailbox.ts";

/** The mailbox of a stored email. Mailboxes are never removed, so there is one. */
export function mailboxOfEmail(account: Account, email: Email): Mailbox {
  const mailbox = account.mailboxes.get(email.mailboxId);
  if (mailbox === undefined)
    throw new Error(`Cannot find mailbox "${email.mailboxId}" of email "${email.id}"`);
  return mailbox;
}
