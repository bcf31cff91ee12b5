import { type Kind, WHO_AND_WHY } from "./kind.ts";
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

/** `data` of a `drift` record about a setting that somebody changes at MultiMail (`countersign apply`). */
export type AppliedChangeData = {
  /**
   * `applying` is on record before the change is made, so that no crash hides one. `code_requested`: MultiMail sent a code
   * to a person, without which it changes nothing.
   */
  readonly result: "code_requested" | "applying" | "applied" | "failed";
  /** MultiMail's id of the mailbox; empty: it has none yet. */
  readonly mailbox: string;
  /** What differs from now on is for the gateway to find out. */
  readonly settings: readonly [];
  /** Path of the policy key. */
  readonly setting: string;
  /** What the policy declares, and what MultiMail had before; an address is sealed. */
  readonly declared: Commitment | string | null;
  readonly live: Commitment | string | null;
  readonly because: null;
  /** Who did it, and why it failed. */
  readonly by: Commitment;
  readonly reason: Commitment | null;
};

/** A `drift`'s commitments, and what it means to others. */
export const DRIFT: Kind = {
  commitments: [...WHO_AND_WHY, [null, "declared", ["text"]], [null, "live", ["text"]]],
  person: "by",
};
