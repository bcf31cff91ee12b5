/** The name of a rule: the path of the policy key that it enforces, where there is one. */
export type RuleName =
  | "users"
  | "request"
  | "actions"
  | "mailbox"
  | "mailbox.verified"
  | "mailbox.stopped"
  | "oversight"
  | "reply"
  | "send_at"
  | "compose"
  | "require"
  | "recipients.address"
  | "recipients.deny"
  | "recipients.allow"
  | "recipients.external"
  | "recipients.max_per_email"
  | "content.block"
  | "content.flag"
  | "content.unscannable"
  | "attachments"
  | "attachments.unsafe"
  | "approval"
  | "limits"
  | "hours"
  | "overlap"
  | "first_contact"
  | "after_outside_mail";

/** How far a team may loosen a rule. */
export interface RuleTraits {
  /** What the rule checks. */
  readonly about: string;
  /** Whether `rules:` may set it to `warn` and `exceptions:` may lift it. Others are always enforced. */
  readonly optional: boolean;
}

/**
 * Every rule. Those that say who the caller is, what it may touch and whether the mailbox is as declared are always
 * enforced: without them no other rule means anything. So is `recipients.deny`, which always wins. Besides, a team
 * cannot loosen a rule that enforces a bound of its organisation (`check/check_bound_rules.ts`).
 */
export const RULE_NAMES: Readonly<Record<RuleName, RuleTraits>> = {
  users: { about: "The person who asks may use the assistant, where people sign in to it", optional: false },
  request: { about: "The request is well-formed and its route is governed", optional: false },
  actions: { about: "The assistant is allowed the action", optional: false },
  mailbox: { about: "The mailbox is the team's own", optional: false },
  "mailbox.verified": { about: "The live mailbox is as the policy declares it", optional: false },
  "mailbox.stopped": { about: "The mailbox is not stopped after an alarm", optional: false },
  oversight: { about: "The oversight mode permits the action", optional: false },
  reply: { about: "The email replied to is known, with everybody whom the reply reaches", optional: false },
  send_at: { about: "The time asked for is not past, nor too far ahead", optional: false },
  compose: { about: "What the policy adds to an email fits, and can be seen in it", optional: false },
  require: { about: "The email says what the policy requires", optional: true },
  "recipients.address": { about: "Every recipient is one unambiguous address", optional: false },
  "recipients.deny": { about: "No recipient is on a deny list; always wins", optional: false },
  "recipients.allow": { about: "Every recipient is on the allow list, where there is one", optional: true },
  "recipients.external": { about: "People outside are written to as declared", optional: true },
  "recipients.max_per_email": { about: "To, Cc and Bcc together are not too many", optional: true },
  "content.block": { about: "The email says nothing that is blocked", optional: true },
  "content.flag": { about: "A person looks at what is flagged", optional: true },
  "content.unscannable": { about: "Attachments that cannot be read are treated as declared", optional: true },
  attachments: { about: "Attachments are of the types, number and size declared", optional: true },
  "attachments.unsafe": {
    about: "No attachment is a program, encrypted, acts by itself, or cannot be looked into whole",
    optional: false,
  },
  approval: { about: "Email that needs certain people's approval is held for them", optional: false },
  limits: { about: "Not more email than the limits in any rolling window", optional: true },
  hours: { about: "Email leaves in working hours", optional: true },
  overlap: { about: "Two assistants do not write the same people about the same thing", optional: true },
  first_contact: { about: "People never written to or heard from are treated as declared", optional: true },
  after_outside_mail: {
    about: "After reading outside mail, new outside recipients need a person",
    optional: true,
  },
};
