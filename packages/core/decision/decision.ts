import type { Recipient } from "../action/mod.ts";
import type { Where } from "../policy/mod.ts";
import type { ApprovalRequirement } from "./approval_requirement.ts";

/** What a rule found. `deny` stops the email; `flag` needs a person; `warn` would deny if it were enforced. */
export type FindingEffect = "deny" | "flag" | "warn" | "note";

/** One thing that a rule has to say about an action. */
export interface Finding {
  /** The rule's name, which is the policy key's path where there is one: `recipients.deny`. */
  readonly rule: string;
  readonly effect: FindingEffect;
  /**
   * For the assistant: one sentence, what would be fine included; free of thresholds, patterns and of
   * personal addresses (see `about`).
   */
  readonly message: string;
  /** For people: what exactly decided. Free of personal addresses and of what a content rule found. */
  readonly detail?: string;
  /** The line that decided. */
  readonly where?: Where;
  /** Indices into `Decision.recipients` that this is about. */
  readonly about?: readonly number[];
  /** The email is fine, but may leave only then. ISO 8601 in UTC, ending in `Z`. */
  readonly sendAt?: string;
}

/** A recipient as the rules judged it: asked for, or a participant of the email replied to. */
export interface JudgedRecipient extends Omit<Recipient, "field"> {
  readonly field: Recipient["field"] | "participant";
}

/** The answer to "may this assistant do this now?". */
export interface Decision {
  readonly effect: "allow" | "deny";
  /** MultiMail will hold this email for a person before it leaves. */
  readonly held: boolean;
  /** Everything that the rules found, in the order of the rules. */
  readonly findings: readonly Finding[];
  /** Everybody whom the email would reach, each judged alike. Empty for other actions. */
  readonly recipients: readonly JudgedRecipient[];
  /** Hash of the policies that decided. */
  readonly policy: string;
  /** Outside working hours with `outside: schedule`: when it may leave. ISO 8601 in UTC, ending in `Z`. */
  readonly sendAt?: string;
  /** What approval the email needs, if it is held: that of all email first, then that of each class that it fits. */
  readonly requirements?: readonly ApprovalRequirement[];
}
