import type { OversightMode } from "@countersign/core/policy";
import type { Email } from "../account/email.ts";
import type { Mailbox } from "../account/mailbox.ts";
import { matchesAllowlist } from "./matches_allowlist.ts";

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
export function needsApproval(mailbox: Mailbox, email: Email): boolean {
  return email.approvedAt === null && isGated[mailbox.oversightMode](mailbox, email);
}
