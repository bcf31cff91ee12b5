import type { OversightMode } from "@countersign/core/policy";
import type { Account } from "../account/account.ts";
import { type Email, SENT_STATUS } from "../account/email.ts";
import type { AllowlistEntry, Mailbox } from "../account/mailbox.ts";
import { setStatus } from "./set_status.ts";

/**
 * Takes an outbound email one step further: holds, schedules or delivers it. Asked when its scan ends, when it is
 * approved and when its time has come, so that the mailbox's settings count as they are then.
 */
export function releaseEmail(account: Account, mailbox: Mailbox, email: Email): void {
  const { sendAt } = email;
  const isEarly = sendAt !== null && sendAt > account.now();
  const gateNow = !isEarly || email.gateTiming === "gate_first";
  if (gateNow && needsApproval(mailbox, email)) {
    setStatus(account, email, "pending_send_approval");
  } else if (isEarly) {
    setStatus(account, email, "scheduled");
    account.agenda.at(sendAt, () => {
      if (email.status === "scheduled") releaseEmail(account, mailbox, email);
    });
  } else {
    deliverEmail(account, mailbox, email);
  }
}

/** Puts an email into the outbox, with the mailbox's automatic copies. It arrives at once and never bounces. */
function deliverEmail(account: Account, mailbox: Mailbox, email: Email): void {
  const at = account.now();
  email.deliveredAt = at;
  setStatus(account, email, SENT_STATUS);
  account.outbox.push({
    email,
    cc: withCopy(email.cc, mailbox.autoCc),
    bcc: withCopy(email.bcc, mailbox.autoBcc),
    deliveredAt: at,
  });
  if (mailbox.oversightMode === "monitored") account.copies.push({ email, to: account.oversightEmail, at });
  account.webhooks.emit("message.sent", mailbox, email);
  account.webhooks.emit("message.delivered", mailbox, email);
}

function withCopy(recipients: readonly string[], copy: string | null): readonly string[] {
  return copy === null ? recipients : [...recipients, copy];
}

const isGated: Record<OversightMode, (mailbox: Mailbox, email: Email) => boolean> = {
  // Taken before the mailbox became read-only: it must not leave, and a person can still decide.
  read_only: () => true,
  gated_all: () => true,
  // The mailbox's automatic copies do not count: MultiMail looks at what the caller wrote.
  gated_send: ({ allowlist }, { to, cc, bcc }) =>
    ![...to, ...cc, ...bcc].every((recipient) => matchesAllowlist(allowlist, recipient)),
  monitored: () => false,
  autonomous: () => false,
};

/** Whether an outbound email has to wait for a person, by what the mailbox says at this moment. */
function needsApproval(mailbox: Mailbox, email: Email): boolean {
  return email.approvedAt === null && isGated[mailbox.oversightMode](mailbox, email);
}

/** Whether an allowlist covers an address: by the whole address, or by `*@domain` and exactly that domain. */
export function matchesAllowlist(allowlist: readonly AllowlistEntry[], address: string): boolean {
  const wanted = address.toLowerCase();
  const domain = `*${wanted.slice(wanted.lastIndexOf("@"))}`;
  return allowlist.some((entry) => {
    const pattern = entry.pattern.toLowerCase();
    return pattern === wanted || pattern === domain;
  });
}
