import type { Attachment } from "./attachment.ts";

/** Where an email is on its way (MultiMail field `status`). */
export type EmailStatus =
  | "unread"
  | "read"
  | "pending_scan"
  | "pending_send_approval"
  | "pending_inbound_approval"
  | "scheduled"
  | "rejected"
  | "cancelled"
  | "send_failed";

/**
 * What a delivered email's status reads. MultiMail documents no status for "sent" and nobody outside knows what it
 * says; `read` is the only documented one that claims nothing false. Clients must look at `delivered_at` instead.
 */
export const SENT_STATUS: EmailStatus = "read";

/** What an email says and to whom; all that a caller can choose. */
export interface Draft {
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly bcc: readonly string[];
  readonly subject: string;
  markdown: string;
  readonly attachments: readonly Attachment[];
  readonly idempotencyKey: string | null;
  /** Epoch milliseconds; null: at once. */
  readonly sendAt: number | null;
  /** `gate_first`: approved, then scheduled. `schedule_first`: the approval is asked for when the time has come. */
  readonly gateTiming: "gate_first" | "schedule_first";
}

/** One email, inbound or outbound. */
export interface Email extends Draft {
  readonly id: string;
  readonly mailboxId: string;
  readonly threadId: string;
  readonly direction: "inbound" | "outbound";
  readonly from: string;
  /** Epoch milliseconds at which MultiMail took it, outbound email too. */
  readonly receivedAt: number;
  status: EmailStatus;
  deliveredAt: number | null;
  approvedAt: number | null;
  approvedBy: string | null;
  spamVerdict: string | null;
  tags: Readonly<Record<string, string>>;
}
