import type { OversightMode } from "@countersign/core/policy";

/** Something at MultiMail that is not as it is declared. */
export interface Difference {
  /** Null for what belongs to the whole account. */
  readonly team: string | null;
  /** MultiMail's id of the mailbox; null for the account, and for a mailbox that is not there. */
  readonly mailbox: string | null;
  /** The policy key's path, or `webhook`. */
  readonly setting: string;
  readonly declared: string | null;
  readonly live: string | null;
  /** What making it as declared does: let out less, let out more, or nothing, since only a person can. */
  readonly effect: "stricter" | "looser" | "by_hand";
  /** `teams/finance.yaml:14:9` */
  readonly where: string | null;
  /** What a person has to do, for `by_hand`. */
  readonly todo?: string;
  /** What makes it as declared; absent for `by_hand`. */
  readonly change?: Change;
}

/** A difference that can be applied. */
export interface ApplicableDifference extends Difference {
  readonly change: Change;
}

/** One thing to do at MultiMail. */
export type Change =
  | { readonly kind: "tighten"; readonly mailboxId: string; readonly mode: OversightMode }
  | { readonly kind: "loosen"; readonly mailboxId: string; readonly mode: OversightMode }
  | { readonly kind: "allow"; readonly mailboxId: string; readonly pattern: string }
  | {
      readonly kind: "disallow";
      readonly mailboxId: string;
      readonly entryId: string;
      readonly pattern: string;
    }
  | {
      readonly kind: "copy";
      readonly mailboxId: string;
      readonly field: "autoCc" | "autoBcc";
      readonly address: string | null;
    }
  | { readonly kind: "create_mailbox"; readonly address: string }
  | { readonly kind: "create_webhook"; readonly url: string; readonly events: readonly string[] };

/** Which changes MultiMail makes only with a code that it mails to the account's operator. */
export const NEEDS_CODE: Readonly<Record<Change["kind"], boolean>> = {
  tighten: false,
  loosen: true,
  allow: true,
  disallow: true,
  copy: false,
  create_mailbox: true,
  create_webhook: true,
};

/** Whether something can be done about it here. */
export function isApplicable(difference: Difference): difference is ApplicableDifference {
  return difference.change !== undefined;
}
