import type { Account } from "../account/account.ts";
import type { Draft, Email } from "../account/email.ts";
import type { Mailbox } from "../account/mailbox.ts";

/** What a new email is besides what it says. */
export type NewEmail = Draft &
  Pick<Email, "direction" | "from" | "status"> & {
    /** Absent: it starts a thread. */
    readonly threadId?: string;
  };

/** Gives an email its id and puts it where it is looked up. */
export function storeEmail(account: Account, mailbox: Mailbox, fields: NewEmail): Email {
  const email: Email = {
    ...fields,
    id: account.newId(),
    mailboxId: mailbox.id,
    threadId: fields.threadId ?? account.newId(),
    receivedAt: account.now(),
    deliveredAt: null,
    approvedAt: null,
    approvedBy: null,
    spamVerdict: null,
    tags: {},
  };
  account.emails.set(email.id, email);
  mailbox.emails.push(email);
  const thread = account.threads.get(email.threadId);
  if (thread === undefined) account.threads.set(email.threadId, [email]);
  else thread.push(email);
  return email;
}
