import type { AssistantPolicy, RuleName, TeamPolicy } from "../policy/mod.ts";

/** What of a request, and of the world in which it is made, a rule may look at. */
export type Fact =
  | "action"
  | "mailboxId"
  | "recipients"
  | "held"
  /** What is found in text and files, and what of them nobody can read. */
  | "content"
  /** The files themselves. */
  | "files"
  /** Subject and body. */
  | "text"
  | "sendAt"
  | "now"
  | "person"
  | "live"
  | "stopped"
  | "original"
  | "usage"
  | "recent"
  | "knownContacts"
  | "outsideMail";

/** What one rule depends on, besides `rules` and `exceptions`, which `decide` applies to what any rule found. */
export interface RuleInputs {
  readonly facts: readonly Fact[];
  /** What of a policy it looks at: where this is the same in two policies, it finds the same under both. */
  readonly policy: (policy: TeamPolicy, assistant: AssistantPolicy) => unknown;
}

/** What each rule looks at; whoever makes up requests need not try together what no rule looks at together. */
export const RULE_INPUTS: Readonly<Record<RuleName, RuleInputs>> = {
  users: { facts: ["person"], policy: (_, { users }) => users },
  request: { facts: ["action"], policy: () => undefined },
  actions: { facts: ["action"], policy: (_, { actions }) => [...actions].sort() },
  mailbox: { facts: ["mailboxId"], policy: ({ mailbox }) => mailbox.id },
  "mailbox.verified": {
    facts: ["action", "live", "now"],
    policy: ({ oversight, mailbox, recipients }) => [oversight, mailbox, recipients.skipApproval],
  },
  "mailbox.stopped": { facts: ["action", "stopped"], policy: () => undefined },
  oversight: { facts: ["action", "live"], policy: ({ oversight }) => oversight },
  reply: { facts: ["action", "original"], policy: () => undefined },
  send_at: { facts: ["action", "sendAt", "now"], policy: ({ sendAt }) => sendAt.atMostMs },
  compose: { facts: ["action", "recipients", "text"], policy: () => undefined },
  require: { facts: ["action", "text"], policy: ({ require }) => require },
  "recipients.address": { facts: ["action", "recipients", "original"], policy: () => undefined },
  "recipients.deny": { facts: ["recipients"], policy: ({ recipients }) => recipients.deny },
  "recipients.allow": {
    facts: ["recipients"],
    policy: ({ recipients }, { allow }) => [recipients.allow, allow],
  },
  "recipients.external": {
    facts: ["recipients", "held"],
    policy: ({ recipients }) => [recipients.external, recipients.internal],
  },
  "recipients.max_per_email": {
    facts: ["recipients"],
    policy: ({ recipients }) => recipients.maxPerEmail,
  },
  "content.block": { facts: ["action", "content"], policy: ({ content }) => content.block },
  "content.flag": { facts: ["action", "content"], policy: ({ content }) => content.flag },
  "content.unscannable": { facts: ["action", "content"], policy: ({ content }) => content.unscannable },
  attachments: { facts: ["action", "files"], policy: ({ attachments }) => attachments },
  "attachments.unsafe": { facts: ["action", "files"], policy: () => undefined },
  approval: {
    facts: ["action", "recipients", "content", "files"],
    policy: ({ approval, content }) => [approval.classes, content.unscannable],
  },
  limits: {
    facts: ["action", "recipients", "person", "usage"],
    policy: ({ limits }, assistant) => [limits, assistant.limits],
  },
  overlap: { facts: ["action", "recipients", "text", "recent", "now"], policy: ({ overlap }) => overlap },
  hours: {
    facts: ["action", "sendAt", "now"],
    policy: ({ hours, sendAt }, assistant) => [assistant.hours ?? hours, sendAt.atMostMs],
  },
  first_contact: {
    facts: ["action", "recipients", "knownContacts"],
    policy: ({ firstContact }) => firstContact,
  },
  after_outside_mail: {
    facts: ["action", "recipients", "held", "knownContacts", "outsideMail", "now"],
    policy: ({ afterOutsideMail, recipients }) => [
      afterOutsideMail?.windowMs,
      afterOutsideMail?.newExternal,
      recipients.internal,
    ],
  },
};
