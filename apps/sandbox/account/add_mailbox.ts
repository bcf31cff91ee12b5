import { formatPattern } from "@countersign/core/address";
import type { OversightMode, PolicySet } from "@countersign/core/policy";
import type { Account } from "./account.ts";
import type { Mailbox } from "./mailbox.ts";

/** A mailbox to create. */
export interface MailboxOptions {
  readonly id: string;
  readonly address: string;
  readonly oversightMode: OversightMode;
  /** Patterns: an address, or `*@domain`. */
  readonly allowlist?: readonly string[];
  readonly autoCc?: string;
  readonly autoBcc?: string;
}

/** Adds a mailbox to the account. Throws a `RangeError` when the id or the address is taken. */
export function addMailbox(account: Account, options: MailboxOptions): Mailbox {
  const { id, address } = options;
  for (const other of account.mailboxes.values()) {
    if (other.id === id || other.address.toLowerCase() === address.toLowerCase()) {
      throw new RangeError(`Cannot create mailbox "${id}" (${address}): the id or the address is taken`);
    }
  }
  const mailbox: Mailbox = {
    id,
    address,
    createdAt: account.now(),
    oversightMode: options.oversightMode,
    displayName: null,
    autoCc: options.autoCc ?? null,
    autoBcc: options.autoBcc ?? null,
    forwardInbound: false,
    webhookUrl: null,
    oversightWebhookUrl: null,
    signatureBlock: null,
    allowlist: [],
    upgradeRequests: [],
    emails: [],
  };
  setAllowlist(account, mailbox, options.allowlist ?? []);
  account.mailboxes.set(id, mailbox);
  return mailbox;
}

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

/** The mailboxes that teams declare, exactly as they declare them. */
export function mailboxesOf({
  teams,
  organisation,
}: Pick<PolicySet, "teams" | "organisation">): readonly MailboxOptions[] {
  const noticing = [...(organisation?.channels.values() ?? [])].flatMap((channel): MailboxOptions[] =>
    channel.kind === "email"
      ? [{ id: channel.mailbox.id, address: channel.mailbox.address, oversightMode: "monitored" }]
      : [],
  );
  const ofTeams = [...teams.values()].map(({ mailbox, oversight, recipients }) => ({
    id: mailbox.id,
    address: mailbox.address,
    oversightMode: oversight,
    allowlist: recipients.skipApproval.map(({ value }) => formatPattern(value)),
    ...(mailbox.autoCc !== undefined && { autoCc: mailbox.autoCc }),
    ...(mailbox.autoBcc !== undefined && { autoBcc: mailbox.autoBcc }),
  }));
  return [...ofTeams, ...noticing];
}
