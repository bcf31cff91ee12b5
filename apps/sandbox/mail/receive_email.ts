import type { Account } from "../account/account.ts";
import type { Draft, Email } from "../account/email.ts";
import type { Mailbox } from "../account/mailbox.ts";
import { setStatus } from "./set_status.ts";
import { storeEmail } from "./store_email.ts";

/** What arrives from outside. `from` is whatever the sender wrote, display name and all. */
export type InboundEmail = Pick<Draft, "to" | "cc" | "subject" | "markdown" | "attachments"> & {
  readonly from: string;
  /** The thread of the email that it answers; absent: a new one. */
  readonly threadId?: string;
};

/** Takes an inbound email; a `gated_all` mailbox holds it until a person has decided. */
export function receiveEmail(account: Account, mailbox: Mailbox, inbound: InboundEmail): Email {
  const email = storeEmail(account, mailbox, {
    ...inbound,
    bcc: [],
    idempotencyKey: null,
    sendAt: null,
    gateTiming: "gate_first",
    direction: "inbound",
    status: "unread",
  });
  account.usage.received++;
  if (mailbox.oversightMode === "gated_all") setStatus(account, email, "pending_inbound_approval");
  else account.webhooks.emit("message.received", mailbox, email);
  return email;
}
