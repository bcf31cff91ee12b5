import type { AddressPattern } from "../address/mod.ts";
import {
  type AssistantPolicy,
  type HoursPolicy,
  type Located,
  type RateLimit,
  type RequiredText,
  type RuleName,
  type TeamPolicy,
  unskippedCopy,
} from "../policy/mod.ts";
import { contentSentences, detectorWords } from "./_content_sentences.ts";
import { list, listPatterns } from "./_list.ts";
import { outsideSentence } from "./_outside_sentence.ts";

/**
 * What a policy means for one assistant, in plain sentences, the most important first. They tell what happens to an
 * email and what would be fine, how many may be sent, and no pattern or threshold that could be written around.
 */
export function policySentences(policy: TeamPolicy, assistant: AssistantPolicy): readonly string[] {
  const who = `You act for team ${policy.team} from the mailbox ${policy.mailbox.address}${
    assistant.users === undefined ? "" : ", and each email goes on record with the user who asked for it"
  }.`;
  const forbidden = forbiddenSentences(assistant);
  if (policy.oversight === "read_only") {
    return [
      who,
      "The mailbox may only be read: sending, replying and taking back are refused.",
      ...forbidden,
    ];
  }
  if (!SENDS.some((action) => assistant.actions.has(action)))
    return [who, "You may send nothing: no new email, no reply, no report.", ...forbidden];
  const enforced = (rule: RuleName): boolean => policy.rules.get(rule) !== "warn";
  const hours = assistant.hours ?? policy.hours;
  const allow = enforced("recipients.allow") ? (assistant.allow ?? policy.recipients.allow) : undefined;
  return [
    who,
    approvalSentence(policy),
    ...approvalSentences(policy),
    outsideSentence(policy, allow, enforced("recipients.external")),
    ...allowSentences(allow),
    ...(enforced("require") ? requireSentences(policy, assistant) : []),
    ...composeSentences(policy),
    ...exceptionSentences(policy, assistant),
    ...(policy.recipients.deny.length > 0 ? ["Some recipients are always refused; the answer says so."] : []),
    ...(enforced("attachments") ? [attachmentsSentence(policy)] : []),
    ...contentSentences(policy, enforced),
    ...(hours !== undefined && enforced("hours") ? [hoursSentence(hours, policy.oversight)] : []),
    ...contactSentences(policy, enforced),
    ...(policy.oversight === "gated_all" ? ["Received email is shown after a person has released it."] : []),
    ...copySentences(policy),
    ...forbidden,
    ...(enforced("recipients.max_per_email") ? [mostSentence(policy)] : []),
    ...(enforced("limits") ? limitSentences(policy, assistant) : []),
  ];
}

function approvalSentence(policy: TeamPolicy): string {
  const { oversight, recipients } = policy;
  if (oversight === "monitored") return "Email leaves at once, without approval; a person reads a copy.";
  if (oversight === "autonomous") return "Email leaves at once, without approval.";
  const who = whoApproves(policy);
  const isHeld = oversight === "gated_all" || unskippedCopy(policy) !== undefined;
  if (recipients.skipApproval.length === 0 || isHeld) {
    return `Every email waits for approval by ${who} before it leaves.`;
  }
  const skip = listPatterns(recipients.skipApproval, "or");
  return `Email waits for approval by ${who} before it leaves; only if every recipient is ${skip}, it leaves at once.`;
}

function whoApproves({ approvers, approval }: TeamPolicy): string {
  if (approvers.length === 0) return "a person";
  return approval.needed === 1
    ? list(approvers, "or")
    : `${approval.needed} different people of these: ${list(approvers)},`;
}

/** Of classes is told what users can be told, and no pattern or list that could be written around. */
function approvalSentences({ approval }: TeamPolicy): readonly string[] {
  const { classes, expires } = approval;
  const kinds = classes.map(({ when }) =>
    [
      ...(when.content ? [`holds ${list(detectorWords(when.content), "or")}`] : []),
      ...(when.recipients ? ["goes to certain recipients"] : []),
      ...(when.attachments ? ["has files"] : []),
    ].join(" and "),
  );
  return [
    ...(kinds.length === 0
      ? []
      : [
          `Email that ${list([...new Set(kinds)], "or")} needs the approval of certain people besides, and is refused where nothing would be held for them. Tell the user that it takes longer.`,
        ]),
    ...(expires === undefined
      ? []
      : [`Email on which nobody decides within ${expires.text} is taken back; nobody rejected it then.`]),
  ];
}

function allowSentences(allow: readonly Located<AddressPattern>[] | undefined): readonly string[] {
  if (allow === undefined) return [];
  if (allow.length === 0) return ["You may write to nobody: every recipient is refused."];
  return [`You may write only to ${listPatterns(allow)}; everybody else is refused.`];
}

/** A pattern is shown where nothing else says what is wanted: it asks for something, and forbids nothing. */
function requireSentences({ require }: TeamPolicy, { actions }: AssistantPolicy): readonly string[] {
  const says = (part: string, { wanted, pattern }: RequiredText): string =>
    wanted === undefined
      ? `${part} must hold what this pattern (RE2) describes, or the email is refused: ${pattern}`
      : `${part} must hold this, or the email is refused: ${wanted.replace(/[.\s]+$/, "")}.`;
  const hasSubject = actions.has("send") || actions.has("report");
  return [
    ...(require?.subject && hasSubject ? [says("The subject of an email but a reply", require.subject)] : []),
    ...(require?.body ? [says("The text", require.body)] : []),
  ];
}

function composeSentences({ compose }: TeamPolicy): readonly string[] {
  if (compose === undefined) return [];
  const { subjectPrefix: prefix, footers, copies } = compose;
  const copied = (field: string, how: string): readonly string[] => {
    const people = copies.filter((copy) => copy.field === field).map(({ address }) => address.address);
    return people.length === 0 ? [] : [`a ${how} to ${list(people)}`];
  };
  const added = [
    ...(prefix === undefined
      ? []
      : [`${JSON.stringify(prefix.value)} before the subject, except of replies`]),
    ...(footers.length === 0 ? [] : ["a footer"]),
    ...copied("cc", "copy"),
    ...copied("bcc", "blind copy"),
  ];
  return [`Every email gets, without your help: ${list(added)}. Do not write it yourself.`];
}

function exceptionSentences(policy: TeamPolicy, assistant: AssistantPolicy): readonly string[] {
  return policy.exceptions
    .filter(({ assistants }) => assistants?.has(assistant.id) ?? true)
    .map(({ rule, recipients, from, expires: lastDay }) => {
      const whom = recipients === undefined ? "" : ` for ${listPatterns(recipients)}`;
      return `${from === undefined ? "Until" : `From ${from} until`} ${lastDay} the rule ${rule} is lifted${whom}.`;
    });
}

function attachmentsSentence({ attachments }: TeamPolicy): string {
  const types = attachments?.allow.map(({ value }) => value) ?? [];
  if (attachments === undefined || types.length === 0) return "Attachments are refused.";
  const { maxCount, maxBytes } = attachments;
  const most = `at most ${maxCount === 1 ? "one" : maxCount} an email, ${sizeOf(maxBytes)} together`;
  return `Attachments may only be ${list(types, "or")}, ${most}.`;
}

function sizeOf(bytes: number): string {
  const [size, unit] = bytes >= 1_000_000 ? [bytes / 1_000_000, "MB"] : [bytes / 1_000, "kB"];
  return `${Math.floor(size * 10) / 10} ${unit}`;
}

const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;

function hoursSentence(
  { windows, timezone, holidays, outside }: HoursPolicy,
  oversight: TeamPolicy["oversight"],
): string {
  const times = windows.map(({ days, from, to }) => {
    const names = DAYS.filter((_, index) => days.has(index + 1));
    const end = to > 1440 ? `${clock(to - 1440)} of the next day` : clock(to);
    return `${days.size === DAYS.length ? "every day" : list(names)}, ${clock(from)} to ${end}`;
  });
  const closed = holidays.length === 0 ? "" : ", but not on holidays";
  const then = outside === "deny" ? "refused" : "scheduled for when they begin, a reply refused";
  const isHeld = oversight === "gated_all" || oversight === "gated_send";
  const late = isHeld ? " Email that waits for approval leaves when it is approved, even outside them." : "";
  return `Email leaves ${list(times)} (${timezone})${closed}; outside these hours it is ${then}.${late}`;
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

const SENDS = ["send", "reply", "report"] as const;

function mostSentence({ recipients: { maxPerEmail } }: TeamPolicy): string {
  if (maxPerEmail === 1) return "An email may have one recipient only.";
  return `An email may have at most ${maxPerEmail} recipients: To, Cc and Bcc together.`;
}

function limitSentences({ limits }: TeamPolicy, assistant: AssistantPolicy): readonly string[] {
  const most = (whose: string, rates: readonly RateLimit[]) =>
    rates.map(({ count, windowMs }) => `${whose} at most ${count} in ${spanOf(windowMs)}`);
  const told = [
    ...most("you", [...limits.perAssistant, ...assistant.limits.perAssistant]),
    ...most("to one recipient", [...limits.perRecipient, ...assistant.limits.perRecipient]),
    ...most("to one domain", [...limits.perDomain, ...assistant.limits.perDomain]),
    ...most("for one user", [...limits.perUser, ...assistant.limits.perUser]),
    ...most("the whole team", [...limits.team, ...assistant.limits.team]),
  ];
  if (told.length === 0) return [];
  return [`How many emails may be sent: ${list([...new Set(told)])}. At a limit, stop and tell the user.`];
}

const SPANS: Readonly<Record<number, string>> = {
  60000: "a minute",
  3600000: "an hour",
  86400000: "24 hours",
  604800000: "7 days",
};

function spanOf(windowMs: number): string {
  return SPANS[windowMs] ?? `${windowMs / 60_000} minutes`;
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
