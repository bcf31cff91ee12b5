import { formatPattern } from "@countersign/core/address";
import type { PolicySet } from "@countersign/core/policy";
import type { MailboxOptions } from "./add_mailbox.ts";

/** The mailboxes that teams declare, exactly as they declare them. */
export function mailboxesOf({ teams }: Pick<PolicySet, "teams">): readonly MailboxOptions[] {
  return [...teams.values()].map(({ mailbox, oversight, recipients }) => ({
    id: mailbox.id,
    address: mailbox.address,
    oversightMode: oversight,
    allowlist: recipients.skipApproval.map(({ value }) => formatPattern(value)),
    ...(mailbox.autoCc !== undefined && { autoCc: mailbox.autoCc }),
    ...(mailbox.autoBcc !== undefined && { autoBcc: mailbox.autoBcc }),
  }));
}
