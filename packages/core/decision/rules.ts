import type { Rule } from "./rule.ts";
import { actions } from "./rules/actions.ts";
import { afterOutsideMail } from "./rules/after_outside_mail.ts";
import { approval } from "./rules/approval.ts";
import { attachments } from "./rules/attachments.ts";
import { attachmentsUnsafe } from "./rules/attachments_unsafe.ts";
import { compose } from "./rules/compose.ts";
import { contentBlock } from "./rules/content_block.ts";
import { contentFlag } from "./rules/content_flag.ts";
import { contentUnscannable } from "./rules/content_unscannable.ts";
import { firstContact } from "./rules/first_contact.ts";
import { hours } from "./rules/hours.ts";
import { limits } from "./rules/limits.ts";
import { mailbox } from "./rules/mailbox.ts";
import { mailboxStopped } from "./rules/mailbox_stopped.ts";
import { mailboxVerified } from "./rules/mailbox_verified.ts";
import { overlap } from "./rules/overlap.ts";
import { oversight } from "./rules/oversight.ts";
import { recipientsAddress } from "./rules/recipients_address.ts";
import { recipientsAllow } from "./rules/recipients_allow.ts";
import { recipientsDeny } from "./rules/recipients_deny.ts";
import { recipientsExternal } from "./rules/recipients_external.ts";
import { recipientsMaxPerEmail } from "./rules/recipients_max_per_email.ts";
import { reply } from "./rules/reply.ts";
import { request } from "./rules/request.ts";
import { require } from "./rules/require.ts";
import { sendAt } from "./rules/send_at.ts";
import { users } from "./rules/users.ts";

/** Every rule, in the order in which an answer names them; `users`, by which all others may not be asked, is the first. */
export const RULES: readonly Rule[] = [
  users,
  request,
  actions,
  mailbox,
  oversight,
  mailboxVerified,
  mailboxStopped,
  reply,
  sendAt,
  compose,
  require,
  recipientsAddress,
  recipientsDeny,
  recipientsAllow,
  recipientsExternal,
  recipientsMaxPerEmail,
  firstContact,
  afterOutsideMail,
  contentBlock,
  contentFlag,
  contentUnscannable,
  attachments,
  attachmentsUnsafe,
  approval,
  limits,
  overlap,
  hours,
];
