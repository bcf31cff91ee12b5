import { z } from "zod";
import { defined, FLAG, ID, NUMBER, TEXT } from "./_wire.ts";

/** The account that a key belongs to. */
export interface Account {
  readonly id: string;
  readonly name?: string;
  readonly slug?: string;
  readonly plan?: string;
  readonly oversightEmail?: string;
  readonly monthlyEmailQuota?: number;
  readonly emailsSentThisMonth?: number;
  readonly maxMailboxes?: number;
  readonly isActive?: boolean;
  readonly sendingDisabled?: boolean;
  readonly sendingDisabledReason?: string;
}

const WIRE = z.looseObject({
  id: ID,
  name: TEXT,
  slug: TEXT,
  plan: TEXT,
  oversight_email: TEXT,
  monthly_email_quota: NUMBER,
  emails_sent_this_month: NUMBER,
  max_mailboxes: NUMBER,
  is_active: FLAG,
  sending_disabled: FLAG,
  sending_disabled_reason: TEXT,
});

/** Converts MultiMail's `Account`. Throws a `ZodError` when it is none. */
export function convertAccount(wire: unknown): Account {
  const account = WIRE.parse(wire);
  return defined({
    id: account.id,
    name: account.name,
    slug: account.slug,
    plan: account.plan,
    oversightEmail: account.oversight_email,
    monthlyEmailQuota: account.monthly_email_quota,
    emailsSentThisMonth: account.emails_sent_this_month,
    maxMailboxes: account.max_mailboxes,
    isActive: account.is_active,
    sendingDisabled: account.sending_disabled,
    sendingDisabledReason: account.sending_disabled_reason,
  });
}
