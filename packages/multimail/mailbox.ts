import type { OversightMode } from "@countersign/core/policy";
import { z } from "zod";
import { CLEARABLE, defined, FLAG, ID, INSTANT, others, TEXT } from "./_wire.ts";

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

const WIRE = z.looseObject({
  id: ID,
  tenant_id: TEXT,
  address: z.string().min(1),
  display_name: TEXT,
  oversight_mode: TEXT,
  auto_cc: CLEARABLE,
  auto_bcc: CLEARABLE,
  forward_inbound: FLAG,
  webhook_url: CLEARABLE,
  oversight_webhook_url: CLEARABLE,
  signature_block: CLEARABLE,
  is_active: FLAG,
  created_at: INSTANT,
});

const LIST = z.looseObject({ mailboxes: z.array(z.unknown()) });

/** Converts MultiMail's `Mailbox`. Throws a `ZodError` when it is none. */
export function convertMailbox(wire: unknown): Mailbox {
  const mailbox = WIRE.parse(wire);
  return defined({
    ...others(mailbox, WIRE),
    id: mailbox.id,
    tenantId: mailbox.tenant_id,
    address: mailbox.address,
    displayName: mailbox.display_name,
    oversightMode: mailbox.oversight_mode,
    autoCc: mailbox.auto_cc,
    autoBcc: mailbox.auto_bcc,
    forwardInbound: mailbox.forward_inbound,
    webhookUrl: mailbox.webhook_url,
    oversightWebhookUrl: mailbox.oversight_webhook_url,
    signatureBlock: mailbox.signature_block,
    isActive: mailbox.is_active,
    createdAt: mailbox.created_at,
  });
}

/** Converts a mailbox back into MultiMail's `Mailbox`, whose flags are 0 and 1 and whose time is epoch milliseconds. */
export function toWireMailbox(mailbox: Mailbox): Record<string, unknown> {
  return defined({
    ...mailbox.others,
    id: mailbox.id,
    tenant_id: mailbox.tenantId,
    address: mailbox.address,
    display_name: mailbox.displayName ?? null,
    oversight_mode: mailbox.oversightMode,
    auto_cc: mailbox.autoCc,
    auto_bcc: mailbox.autoBcc,
    forward_inbound: mailbox.forwardInbound === undefined ? undefined : Number(mailbox.forwardInbound),
    webhook_url: mailbox.webhookUrl,
    oversight_webhook_url: mailbox.oversightWebhookUrl,
    signature_block: mailbox.signatureBlock,
    is_active: mailbox.isActive === undefined ? undefined : Number(mailbox.isActive),
    created_at: mailbox.createdAt === undefined ? undefined : Date.parse(mailbox.createdAt),
  });
}

/** Converts the answer of `GET /v1/mailboxes`. Throws a `ZodError` when it is none. */
export function convertMailboxes(wire: unknown): readonly Mailbox[] {
  return LIST.parse(wire).mailboxes.map(convertMailbox);
}

/** Converts the answer of `POST /v1/mailboxes`. Throws a `ZodError` when it is none. */
export function convertCreatedMailbox(wire: unknown): CreatedMailbox {
  const { id, address } = WIRE.parse(wire);
  return { id, address };
}

/** Converts a change into the body of `PATCH /v1/mailboxes/{id}`. */
export function convertMailboxChange(change: MailboxChange): Record<string, unknown> {
  return defined({
    display_name: change.displayName,
    oversight_mode: change.oversightMode,
    auto_cc: change.autoCc,
    auto_bcc: change.autoBcc,
    forward_inbound: change.forwardInbound,
    webhook_url: change.webhookUrl,
    oversight_webhook_url: change.oversightWebhookUrl,
    signature_block: change.signatureBlock,
  });
}
