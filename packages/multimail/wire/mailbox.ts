import type { OversightMode } from "@countersign/core/policy";
import { z } from "zod";
import { type Codec, listOfWholes, member, type Names, orNull, shape } from "../codec/shape.ts";
import { CLEARABLE, FLAG, ID, INSTANT, TEXT } from "../codec/values.ts";

/** A mailbox's live settings. Absent means that MultiMail did not say; `null` means none. */
export interface Mailbox {
  readonly id: string;
  /** The account. */
  readonly tenantId?: string;
  readonly address: string;
  readonly displayName?: string;
  /** MultiMail's text: compare it, and trust no mode that you do not know. */
  readonly oversightMode?: string;
  /** Gets a copy of every email that leaves. */
  readonly autoCc?: string | null;
  /** Gets a blind copy of every email that leaves. */
  readonly autoBcc?: string | null;
  readonly forwardInbound?: boolean;
  readonly webhookUrl?: string | null;
  readonly oversightWebhookUrl?: string | null;
  readonly signatureBlock?: string | null;
  readonly isActive?: boolean;
  /** ISO 8601 in UTC. */
  readonly createdAt?: string;
  /** What MultiMail says besides, as it says it: `mcp_configured`, `default_gate_timing`. */
  readonly others?: Readonly<Record<string, unknown>>;
}

/** A mailbox that was just created. */
export type CreatedMailbox = Pick<Mailbox, "id" | "address">;

/** Settings to change; absent ones stay. MultiMail lets `oversightMode` become stricter only. */
export interface MailboxChange {
  readonly displayName?: string;
  readonly oversightMode?: OversightMode;
  readonly autoCc?: string | null;
  readonly autoBcc?: string | null;
  readonly forwardInbound?: boolean;
  readonly webhookUrl?: string | null;
  readonly oversightWebhookUrl?: string | null;
  /** At most 200 characters. */
  readonly signatureBlock?: string | null;
}

/** MultiMail writes a mailbox's flags as 0 and 1, and its time as epoch milliseconds. */
const asNumber = (flag: boolean | undefined) => (flag === undefined ? undefined : Number(flag));
const asEpoch = (time: string | undefined) => (time === undefined ? undefined : Date.parse(time));

/** MultiMail's `Mailbox`. */
export const MAILBOX: Codec<Mailbox> = shape<Mailbox>(
  {
    id: member("id", ID),
    tenantId: member("tenant_id", TEXT),
    address: member("address", z.string().min(1)),
    displayName: member("display_name", TEXT, orNull),
    oversightMode: member("oversight_mode", TEXT),
    autoCc: member("auto_cc", CLEARABLE),
    autoBcc: member("auto_bcc", CLEARABLE),
    forwardInbound: member("forward_inbound", FLAG, asNumber),
    webhookUrl: member("webhook_url", CLEARABLE),
    oversightWebhookUrl: member("oversight_webhook_url", CLEARABLE),
    signatureBlock: member("signature_block", CLEARABLE),
    isActive: member("is_active", FLAG, asNumber),
    createdAt: member("created_at", INSTANT, asEpoch),
  },
  { keeps: () => true },
);

const LIST = shape<{ readonly mailboxes: readonly Mailbox[] }>({
  mailboxes: listOfWholes("mailboxes", MAILBOX),
});

/** Reads the answer of `GET /v1/mailboxes`. Throws a `ZodError` when it is none. */
export function readMailboxes(wire: unknown): readonly Mailbox[] {
  return LIST.read(wire).mailboxes;
}

/** Reads the answer of `POST /v1/mailboxes`. Throws a `ZodError` when it is none. */
export function readCreatedMailbox(wire: unknown): CreatedMailbox {
  const { id, address } = MAILBOX.read(wire);
  return { id, address };
}

/** The body of `PATCH /v1/mailboxes/{id}`. */
export const MAILBOX_CHANGE: Names<MailboxChange> = {
  displayName: "display_name",
  oversightMode: "oversight_mode",
  autoCc: "auto_cc",
  autoBcc: "auto_bcc",
  forwardInbound: "forward_inbound",
  webhookUrl: "webhook_url",
  oversightWebhookUrl: "oversight_webhook_url",
  signatureBlock: "signature_block",
};
