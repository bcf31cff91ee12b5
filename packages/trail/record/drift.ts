import type { Commitment } from "./sealed.ts";

/** `data` of a `drift` record: a mailbox is not what it must be, or is again. */
export type DriftData = {
  /**
   * `differs`: settings at MultiMail are not those declared. `ends`: they are again. `stopped`: an alarm stopped the
   * mailbox. `decided_by_other`: somebody who is no approver of the team decided on its email, which stops nothing.
   * `cleared`: a person let it send again, and has seen to what was wrong.
   */
  readonly result: "differs" | "ends" | "stopped" | "decided_by_other" | "cleared";
  /** MultiMail's id of the mailbox. */
  readonly mailbox: string;
  /**
   * Paths of the policy keys that are not as declared (`differs`) or that do not name who decided (`decided_by_other`), or
   * what differed in the email (`stopped`).
   */
  readonly settings: readonly string[];
  /** For `stopped` and `decided_by_other`: the receipt of the email that raised the alarm, or of the call that read it. */
  readonly because: string | null;
  /** For `decided_by_other` about received email: MultiMail's id of it. */
  readonly email?: string;
  /** For `cleared`: who, and why. For `decided_by_other`: who decided. */
  readonly by: Commitment | null;
  readonly reason: Commitment | null;
};
