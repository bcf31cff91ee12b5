import type { OversightMode } from "@countersign/core/policy";
import type { Email } from "./email.ts";

/** A mailbox as it is now; a `PATCH`, an upgrade or a person at MultiMail changes it while email is on its way. */
export interface Mailbox {
  readonly id: string;
  readonly address: string;
  readonly createdAt: number;
  oversightMode: OversightMode;
  displayName: string | null;
  autoCc: string | null;
  autoBcc: string | null;
  forwardInbound: boolean;
  webhookUrl: string | null;
  oversightWebhookUrl: string | null;
  signatureBlock: string | null;
  allowlist: readonly AllowlistEntry[];
  /** When upgrades were requested, epoch milliseconds, oldest first: three an hour. */
  upgradeRequests: readonly number[];
  /** Everything of the mailbox, oldest first, hence sorted by id. */
  readonly emails: Email[];
}

/** Who may be written to without approval in `gated_send`. */
export interface AllowlistEntry {
  readonly id: string;
  /** An address, or `*@domain`. */
  readonly pattern: string;
  readonly addedBy: string;
  readonly addedAt: number;
  readonly note: string | null;
}

/** MultiMail's modes, strictest first. A list of the sandbox's own: what it imitates does not change with core. */
export const OVERSIGHT_MODES = ["read_only", "gated_all", "gated_send", "monitored", "autonomous"] as const;

/** Whether changing `from` into `to` would loosen it. */
export function isLooser(to: OversightMode, from: OversightMode): boolean {
  return OVERSIGHT_MODES.indexOf(to) > OVERSIGHT_MODES.indexOf(from);
}
