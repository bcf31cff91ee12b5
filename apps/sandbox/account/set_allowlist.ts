import type { Account } from "./account.ts";
import type { Mailbox } from "./mailbox.ts";

/** Replaces a mailbox's allowlist, as the operator would. */
export function setAllowlist(account: Account, mailbox: Mailbox, patterns: readonly string[]): void {
  mailbox.allowlist = patterns.map((pattern) => ({
    id: account.newId(),
    pattern,
    addedBy: account.oversightEmail,
    addedAt: account.now(),
    note: null,
  }));
}
