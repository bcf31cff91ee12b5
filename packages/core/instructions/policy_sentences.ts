import type { AddressPattern } from "../address/mod.ts";
import type { AssistantPolicy, HoursPolicy, Located, RuleName, TeamPolicy } from "../policy/mod.ts";
import { contentSentences } from "./_content_sentences.ts";
import { list, listPatterns } from "./_list.ts";
import { outsideSentence } from "./_outside_sentence.ts";

/**
 * What a policy means for one assistant, in plain sentences, the most important first. They tell what happens to an
 * email and what would be fine, and no thresholds or patterns that could be worked around.
 */
export function policySentences(policy: TeamPolicy, assistant: AssistantPolicy): readonly string[] {
  const who = `You act for team ${policy.team} from the mailbox ${policy.mailbox.address}.`;
  const forbidden = forbiddenSentences(assistant);
  if (policy.oversight === "read_only") {
    return [
      who,
      "The mailbox may only be read: sending, replying and taking back are refused.",
      ...forbidden,
    ];
  }
  const enforced = (rule: RuleName): boolean => policy.rules.get(rule) !== "warn";
  const allow = enforced("recipients.allow") ? (assistant.allow ?? policy.recipients.allow) : undefined;
  return [
    who,
    approvalSentence(policy),
    outsideSentence(policy, allow, enforced("recipients.external")),
    ...allowSentences(allow),
    ...exceptionSentences(policy, assistant),
    ...(policy.recipients.deny.length > 0 ? ["Some recipients are always refused; the answer says so."] : []),
    ...(enforced("attachments") ? [attachmentsSentence(policy)] : []),
    ...contentSentences(policy, enforced),
    ...(policy.hours !== undefined && enforced("hours") ? [hoursSentence(policy.hours)] : []),
    ...contactSentences(policy, enforced),
    ...(policy.oversight === "gated_all" ? ["Received email is shown after a person has released it."] : []),
    ...copySentences(policy),
    ...forbidden,
    ...(isLimited(policy, assistant) ? [LIMITED] : []),
  ];
}

function approvalSentence({ oversight, approvers, recipients }: TeamPolicy): string {
  if (oversight === "monitored") return "Email leaves at once, without approval; a person reads a copy.";
  if (oversight === "autonomous") return "Email leaves at once, without approval.";
  const who = approvers.length === 0 ? "a person" : list(approvers, "or");
  if (recipients.skipApproval.length === 0 || oversight === "gated_all") {
    return `Every email waits for approval by ${who} before it leaves.`;
  }
  const skip = listPatterns(recipients.skipApproval, "or");
  return `Email waits for approval by ${who} before it leaves; only if every recipient is ${skip}, it leaves at once.`;
}

function allowSentences(allow: readonly Located<AddressPattern>[] | undefined): readonly string[] {
  if (allow === undefined) return [];
  if (allow.length === 0) return ["You may write to nobody: every recipient is refused."];
  return [`You may write only to ${listPatterns(allow)}; everybody else is refused.`];
}

function exceptionSentences(policy: TeamPolicy, assistant: AssistantPolicy): readonly string[] {
  return policy.exceptions
    .filter(({ assistants }) => assistants?.has(assistant.id) ?? true)
    .map(({ rule, recipients, expiresAt }) => {
      const lastDay = new Date(expiresAt - 1).toISOString().slice(0, 10);
      const whom = recipients === undefined ? "" : ` for ${listPatterns(recipients)}`;
      return `Until ${lastDay} the rule ${rule} is lifted${whom}.`;
    });
}

function attachmentsSentence({ attachments }: TeamPolicy): string {
  const types = attachments?.allow.map(({ value }) => value) ?? [];
  return types.length === 0 ? "Attachments are refused." : `Attachments may only be ${list(types, "or")}.`;
}

const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;

function hoursSentence({ days, from, to, timezone, outside }: HoursPolicy): string {
  const names = DAYS.filter((_, index) => days.has(index + 1));
  const then = outside === "deny" ? "refused" : "scheduled for when they begin, a reply refused";
  return `Email leaves ${list(names)}, ${clock(from)} to ${clock(to)} (${timezone}); outside these hours it is ${then}.`;
}

function clock(minutes: number): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

const BY_PERSON = "needs a person, and is refused where the mailbox holds nothing for one";

function contactSentences(policy: TeamPolicy, enforced: (rule: RuleName) => boolean): readonly string[] {
  const { firstContact, afterOutsideMail, overlap } = policy;
  const sentences: string[] = [];
  const add = (rule: RuleName, verdict: string | undefined, subject: string): void => {
    if (verdict === undefined || verdict === "allow" || !enforced(rule)) return;
    sentences.push(`${subject} ${verdict === "deny" ? "is refused" : BY_PERSON}.`);
  };
  add("first_contact", firstContact, "Email to people whom the team never wrote to or heard from");
  add(
    "after_outside_mail",
    afterOutsideMail?.newExternal,
    "For a while after anybody of the team read email from outside, email to people outside whom the team had not written to before",
  );
  add("overlap", overlap?.action, "Email much like another assistant's to the same people");
  return sentences;
}

function copySentences({ mailbox: { autoCc, autoBcc } }: TeamPolicy): readonly string[] {
  const copies = [autoCc, autoBcc].filter((address) => address !== undefined);
  return copies.length === 0 ? [] : [`${list(copies)} gets a copy of every email.`];
}

const LIMITED = "How much may be sent is limited: at a limit, stop and tell the user.";

function isLimited(policy: TeamPolicy, assistant: AssistantPolicy): boolean {
  if (policy.rules.get("limits") === "warn") return false;
  return [policy.limits, assistant.limits].some((limits) =>
    Object.values(limits).some(({ length }) => length > 0),
  );
}

const WORDS = {
  send: "new email",
  reply: "replies",
  inbox: "listing the inbox",
  read: "reading email",
  thread: "reading threads",
  status: "asking for receipts",
  cancel: "taking email back",
  report: "reports",
} as const;

function forbiddenSentences({ actions }: AssistantPolicy): readonly string[] {
  const missing = (Object.keys(WORDS) as (keyof typeof WORDS)[]).filter((name) => !actions.has(name));
  return missing.length === 0 ? [] : [`Refused to you: ${list(missing.map((name) => WORDS[name]))}.`];
}
