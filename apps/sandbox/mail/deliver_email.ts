import type { Account } from "../account/account.ts";
import { type Email, SENT_STATUS } from "../account/email.ts";
import type { Mailbox } from "../account/mailbox.ts";
import { setStatus } from "./set_status.ts";

/** Puts an email into the outbox, with the mailbox's automatic copies. It arrives at once and never bounces. */
export function deliverEmail(account: Account, mailbox: Mailbox, email: Email): void {
  const at = account.now();
  email.deliveredAt = at;
  setStatus(account, email, SENT_STATUS);
  account.outbox.push({
    email,
    cc: withCopy(email.cc, mailbox.autoCc),
    bcc: withCopy(email.bcc, mailbox.autoBcc),
    deliveredAt: at,
  });
  if (mailbox.oversightMode === "monitored") account.copies.push({ email, to: account.oversightEmail, at });
  account.webhooks.emit("message.sent", mailbox, email);
  account.webhooks.emit("message.delivered", mailbox, email);
}

function withCopy(recipients: readonly string[], copy: string | null): readonly string[] {
  return copy === null ? recipients : [...recipients, copy];
}
