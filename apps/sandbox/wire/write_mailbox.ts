import type { Account } from "../account/account.ts";
import type { Mailbox } from "../account/mailbox.ts";

/** A mailbox (MultiMail schema `Mailbox`): its booleans are 0 and 1, its time is epoch milliseconds. */
export interface MailboxWire {
  readonly id: string;
  readonly tenant_id: string;
  readonly address: string;
  readonly display_name: string | null;
  readonly oversight_mode: string;
  readonly auto_cc: string | null;
  readonly auto_bcc: string | null;
  readonly forward_inbound: 0 | 1;
  readonly webhook_url: string | null;
  readonly oversight_webhook_url: string | null;
  readonly signature_block: string | null;
  readonly created_at: number;
  readonly is_active: 0 | 1;
}

/** Writes a mailbox. */
export function writeMailbox(account: Account, mailbox: Mailbox): MailboxWire {
  return {
    id: mailbox.id,
    tenant_id: account.id,
    address: mailbox.address,
    display_name: mailbox.displayName,
    oversight_mode: mailbox.oversightMode,
    auto_cc: mailbox.autoCc,
    auto_bcc: mailbox.autoBcc,
    forward_inbound: mailbox.forwardInbound ? 1 : 0,
    webhook_url: mailbox.webhookUrl,
    oversight_webhook_url: mailbox.oversightWebhookUrl,
    signature_block: mailbox.signatureBlock,
    created_at: mailbox.createdAt,
    is_active: 1,
  };
}
