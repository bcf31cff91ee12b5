import type { Email } from "../account/email.ts";
import { writeTime } from "./write_time.ts";

/** What an approver is shown (MultiMail schema `Pending`): no cc, no bcc, no attachments, no `send_at`. */
export interface PendingWire {
  readonly id: string;
  readonly mailbox_id: string;
  readonly direction: Email["direction"];
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly body_markdown: string;
  readonly status: string;
  readonly received_at: string;
}

/** Writes an email that waits for a decision. */
export function writePending(email: Email): PendingWire {
  return {
    id: email.id,
    mailbox_id: email.mailboxId,
    direction: email.direction,
    from: email.from,
    to: email.to,
    subject: email.subject,
    body_markdown: email.markdown,
    status: email.status,
    received_at: writeTime(email.receivedAt),
  };
}
