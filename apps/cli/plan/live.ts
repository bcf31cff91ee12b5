import type { Account, AllowlistEntry, Mailbox, Webhook } from "@countersign/multimail";

/** What MultiMail says of one team's mailbox. */
export type LiveTeam =
  | { readonly kind: "seen"; readonly mailbox: Mailbox; readonly allowlist: readonly AllowlistEntry[] }
  | {
      readonly kind: "missing";
      /** The mailbox that has the declared address under another id. */
      readonly namesake?: Mailbox;
      readonly account?: Account;
    }
  /** It could not be read, and why. */
  | { readonly kind: "error"; readonly message: string };

/** What MultiMail says of everything that is declared. */
export interface Live {
  /** By team. */
  readonly teams: ReadonlyMap<string, LiveTeam>;
  /** Absent without an admin key. */
  readonly webhooks?: readonly Webhook[];
  readonly accounts: readonly Account[];
  /** What could not be read, beside teams. */
  readonly errors: readonly string[];
}
