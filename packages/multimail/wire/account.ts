import { type Codec, member, shape } from "../codec/shape.ts";
import { FLAG, ID, NUMBER, TEXT } from "../codec/values.ts";

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

/** MultiMail's `Account`. */
export const ACCOUNT: Codec<Account> = shape<Account>({
  id: member("id", ID),
  name: member("name", TEXT),
  slug: member("slug", TEXT),
  plan: member("plan", TEXT),
  oversightEmail: member("oversight_email", TEXT),
  monthlyEmailQuota: member("monthly_email_quota", NUMBER),
  emailsSentThisMonth: member("emails_sent_this_month", NUMBER),
  maxMailboxes: member("max_mailboxes", NUMBER),
  isActive: member("is_active", FLAG),
  sendingDisabled: member("sending_disabled", FLAG),
  sendingDisabledReason: member("sending_disabled_reason", TEXT),
});
