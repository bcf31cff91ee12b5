import { type AddressPattern, formatPattern } from "../address/mod.ts";
import {
  type AssistantPolicy,
  type ContentDetector,
  type Delegation,
  formatWhere,
  type HoursPolicy,
  type LimitsPolicy,
  type Located,
  type NamedList,
  type NotifyChannel,
  type OversightMode,
  type PolicyException,
  type RateLimit,
  type RequiredText,
  type TeamPolicy,
  type UsersPolicy,
  unskippedCopy,
  whereOf,
} from "../policy/mod.ts";
import { explainApproval } from "./_explain_approval.ts";
import type { PolicySentence } from "./policy_sentence.ts";

/** What `explainPolicy` may be told. */
export interface ExplainPolicyOptions {
  /** Explain what this assistant may do, instead of all of the team's. */
  readonly assistant?: AssistantPolicy;
  /** Exceptions and delegations that have ended by then are left out; epoch milliseconds. */
  readonly now: number;
  /** Who stands in for whom in every team, as the organisation's file says; absent: nobody. */
  readonly delegates?: readonly Delegation[];
  /** The organisation's channels of notices, by name; absent: none. */
  readonly channels?: ReadonlyMap<string, NotifyChannel>;
}

/**
 * The effective policy in plain sentences, in the order in which a department head would ask: whose mailbox is it, who
 * uses it, who sees what before it leaves, who is written to, what may not be said, how much, when, and what is excepted.
 */
export function explainPolicy(
  policy: TeamPolicy,
  { assistant, now, delegates = [], channels = new Map() }: ExplainPolicyOptions,
): readonly PolicySentence[] {
  const say = (path: string, text: string): PolicySentence => ({ text, where: whereOf(policy, path) });
  const assistants = assistant === undefined ? [...policy.assistants.values()] : [assistant];
  return [
    say(
      "mailbox.address",
      `Team ${policy.team} uses the mailbox ${policy.mailbox.address}${copies(policy)}.`,
    ),
    ...(policy.description === "" ? [] : [say("description", `It is for: ${policy.description}.`)]),
    ...assistants.flatMap(explainAssistant),
    say("oversight", OVERSIGHT[policy.oversight](policy)),
    ...explainApproval(policy, { now, delegates, channels }),
    ...explainRecipients(policy, say),
    ...explainContent(policy, say),
    explainAttachments(policy, say),
    ...explainCompose(policy),
    ...explainRequire(policy),
    ...explainLimits(policy.limits, "The team's"),
    ...explainTime(policy, assistants),
    explainSendAt(policy, assistants, say),
    ...explainOthers(policy, say),
    ...[...policy.rules].map(([rule, mode]) =>
      say(
        `rules.${rule}`,
        mode === "warn" ? `The rule ${rule} only warns: it stops nothing.` : `The rule ${rule} is enforced.`,
      ),
    ),
    ...policy.exceptions
      .filter((exception) => now < exception.expiresAt && concerns(exception, assistant))
      .map(explainException),
    ...(policy.named ?? []).map(explainNamed),
  ];
}

/** Names are said where they are defined, and tell where they are used. */
function explainNamed({ name, members, where, usedAt }: NamedList): PolicySentence {
  const verb = name.startsWith("holidays ") ? "are" : "stands for";
  return {
    text: `${name} (used at ${usedAt.map(formatWhere).join(", ")}) ${verb} ${members.join(", ")}.`,
    where,
  };
}

const OVERSIGHT: Readonly<Record<OversightMode, (policy: TeamPolicy) => string>> = {
  read_only: () => "The mailbox may only be read: nothing is sent from it.",
  gated_all: () =>
    "A person approves every email before it leaves, and every received one before an assistant sees it.",
  gated_send: (policy) =>
    policy.recipients.skipApproval.length === 0 || unskippedCopy(policy) !== undefined
      ? "A person approves every email before it leaves."
      : `A person approves every email before it leaves, except to ${patterns(policy.recipients.skipApproval)}.`,
  monitored: () => "Email leaves at once; MultiMail sends a copy to the oversight address.",
  autonomous: () => "Email leaves at once, and nobody is shown it.",
};

type Say = (path: string, text: string) => PolicySentence;

function copies({ mailbox }: TeamPolicy): string {
  const to = [mailbox.autoCc, mailbox.autoBcc].filter((address) => address !== undefined);
  return to.length === 0 ? "" : `, and MultiMail copies all its email to ${to.join(" and ")}`;
}

function explainAssistant(assistant: AssistantPolicy): readonly PolicySentence[] {
  const { id, actions, allow, keys, limits, users, where } = assistant;
  const can = actions.size === 0 ? "nothing" : [...actions].join(", ");
  const isMute = keys.length === 0 && users?.withKey !== false;
  return [
    {
      text: `Assistant ${id} may: ${can}.${isMute ? " It has no key yet, so it cannot call." : ""}`,
      where,
    },
    ...(users === undefined ? [] : explainUsers(id, users)),
    ...(allow === undefined
      ? []
      : [
          {
            text: `Assistant ${id} may write only to ${patterns(allow)}, as far as the team may.`,
            where: allow[0]?.where ?? where,
          },
        ]),
    ...explainLimits(limits, `Assistant ${id}'s`),
  ];
}

function explainUsers(id: string, users: UsersPolicy): readonly PolicySentence[] {
  const { allow, claims, withKey, shared, where } = users;
  const groups = claims.map(({ value }) => JSON.stringify(value)).join(", ");
  const people = [
    ...(allow.length === 0 ? [] : [`by ${patterns(allow)}, where the sign-in confirms the address`]),
    ...(claims.length === 0 ? [] : [`by whoever is in one of the groups ${groups}`]),
  ];
  const unconfirmed = shared.length === 0 ? "" : "; by nobody whose address the sign-in does not confirm";
  return [
    {
      text: `Assistant ${id} is used only by people who sign in: ${people.join("; ")}${unconfirmed}.`,
      where,
    },
    ...shared.map(({ value, where: at }) => ({
      text: `Nobody uses assistant ${id} as ${value.address}, an account that is shared.`,
      where: at,
    })),
    {
      text: withKey
        ? `Each call must bring the key of assistant ${id} besides: it proves the assistant, the sign-in the person.`
        : `A sign-in is enough to use assistant ${id}, without its key: the assistant is not proven, and the record says so.`,
      where,
    },
  ];
}

function explainRecipients(policy: TeamPolicy, say: Say): readonly PolicySentence[] {
  const { internal, external, skipApproval, allow, deny, maxPerEmail } = policy.recipients;
  const people =
    internal.length === 0
      ? "Nobody counts as one of our own."
      : `Our own people are at ${patterns(internal)}.`;
  return [
    say("recipients.internal", people),
    say("recipients.external", EXTERNAL[external]),
    ...(skipApproval.length === 0 || unskippedCopy(policy) !== undefined
      ? []
      : [
          say("recipients.skip_approval", `Email only to ${patterns(skipApproval)} leaves without approval.`),
        ]),
    ...(allow === undefined
      ? []
      : [
          say(
            "recipients.allow",
            allow.length === 0 ? "Nobody may be written to." : `Only ${patterns(allow)} may be written to.`,
          ),
        ]),
    ...deny.map(({ value, where, group }) => ({
      text: `Nobody may ever write to ${formatPattern(value)}${group === undefined ? "" : ` (${group.name}, ${formatWhere(group.where)})`}.`,
      where,
    })),
    say(
      "recipients.max_per_email",
      maxPerEmail === 1
        ? "One email reaches one person only, To, Cc and Bcc together."
        : `One email reaches at most ${maxPerEmail} people, To, Cc and Bcc together.`,
    ),
  ];
}

const EXTERNAL = {
  deny: "Nobody outside is written to.",
  require_approval:
    "Email to anyone outside leaves only after a person's approval; if it would not be held, it is refused.",
  allow: "People outside may be written to like our own.",
} as const;

const UNSCANNABLE = {
  deny: "Attachments that cannot be read, such as pictures, are refused.",
  flag: "An email with an attachment that cannot be read, such as a picture, needs a person's look.",
  allow: "Attachments that cannot be read, such as pictures, leave without anybody knowing what they say.",
} as const;

function explainContent({ content, attachments }: TeamPolicy, say: Say): readonly PolicySentence[] {
  const name = ({ value }: Located<ContentDetector>) =>
    value.kind === "builtin" ? value.name : `"${value.name}" (${value.pattern})`;
  return [
    ...content.block.map((detector) => ({
      text: `No email may hold ${name(detector)}.`,
      where: detector.where,
    })),
    ...content.flag.map((detector) => ({
      text: `An email that holds ${name(detector)} needs a person's look.`,
      where: detector.where,
    })),
    ...(attachments === undefined ||
    (content.unscannable === "allow" && content.block.length + content.flag.length === 0)
      ? []
      : [say("content.unscannable", UNSCANNABLE[content.unscannable])]),
  ];
}

function explainAttachments({ attachments }: TeamPolicy, say: Say): PolicySentence {
  if (attachments === undefined) return say("attachments", "No files may be attached.");
  const types = attachments.allow.map(({ value }) => value).join(", ");
  const text = `Up to ${attachments.maxCount} files of ${attachments.maxBytes.toLocaleString("en")} bytes together may be attached: ${types}.`;
  return say("attachments", text);
}

function explainCompose({ compose }: TeamPolicy): readonly PolicySentence[] {
  if (compose === undefined) return [];
  const { subjectPrefix: prefix, footers, copies } = compose;
  return [
    ...(prefix === undefined
      ? []
      : [
          {
            text: `The subject of every email but a reply begins with ${JSON.stringify(prefix.value)}.`,
            where: prefix.where,
          },
        ]),
    ...footers.map(({ value, where }) => ({
      text: `Every email ends with the footer ${JSON.stringify(value)}.`,
      where,
    })),
    ...copies.map(({ field, address, where }) => ({
      text: `Every email goes in copy to ${address.address} (${field === "cc" ? "Cc" : "Bcc"}).`,
      where,
    })),
  ];
}

function explainRequire({ require }: TeamPolicy): readonly PolicySentence[] {
  const say = (part: string, required: RequiredText | undefined): readonly PolicySentence[] => {
    if (required === undefined) return [];
    const { pattern, wanted, where } = required;
    const what = wanted === undefined ? `"${pattern}"` : `"${wanted}" (${pattern})`;
    return [{ text: `An email is refused whose ${part} lacks ${what}.`, where }];
  };
  return [...say("subject, unless it is a reply,", require?.subject), ...say("text", require?.body)];
}

function explainLimits(
  { perAssistant, perRecipient, perDomain, perUser, team }: LimitsPolicy,
  whose: string,
): readonly PolicySentence[] {
  const say = (rates: readonly RateLimit[], what: string) =>
    rates.map(({ text, where }) => ({ text: `${whose} limit ${what} is ${text}.`, where }));
  return [
    ...say(perAssistant, "for one assistant"),
    ...say(perRecipient, "for one recipient"),
    ...say(perDomain, "for one domain"),
    ...say(perUser, "for one person who asks, without whom nothing leaves,"),
    ...say(team, "for the whole team"),
  ];
}

const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/** What `hours` cannot promise: MultiMail lets an email leave as soon as it is approved. */
const LATE =
  "Email that waits for a person is judged by the hours when it is asked for: approved later at MultiMail, it leaves then, whatever the hours, and that is recorded.";

function explainTime(
  { hours, oversight }: TeamPolicy,
  assistants: readonly AssistantPolicy[],
): readonly PolicySentence[] {
  const own = assistants.flatMap((one) => (one.hours === undefined ? [] : [{ ...one, hours: one.hours }]));
  const inForce = hours ?? own[0]?.hours;
  if (inForce === undefined) return [];
  const isHeld = oversight === "gated_all" || oversight === "gated_send";
  const { within = hours === undefined ? undefined : hours.within } = inForce;
  return [
    ...(hours === undefined ? [] : [{ text: `Email leaves ${hoursText(hours)}.`, where: hours.where }]),
    ...own.map(({ id, hours }) => ({
      text: `Assistant ${id} has hours of its own instead: its email leaves ${hoursText(hours)}.`,
      where: hours.where,
    })),
    ...(within === undefined
      ? []
      : [{ text: `No team's email leaves but ${windowsText(within)}.`, where: within.where }]),
    ...(isHeld ? [{ text: LATE, where: inForce.where }] : []),
  ];
}

/** How far ahead, which is how far hours schedule too. */
function explainSendAt(
  { hours, sendAt: { text } }: TeamPolicy,
  assistants: readonly AssistantPolicy[],
  say: Say,
): PolicySentence {
  const schedules = [hours, ...assistants.map((one) => one.hours)].some((one) => one?.outside === "schedule");
  const later = schedules ? "; where the hours would schedule it for later, it is refused" : "";
  return say("send_at.at_most", `Email may be scheduled ${text} ahead at most${later}.`);
}

function hoursText(hours: HoursPolicy): string {
  const outside =
    hours.outside === "deny"
      ? "outside these hours it is refused"
      : "what is asked for outside these hours is scheduled, but a reply is refused then";
  return `${windowsText(hours)}; ${outside}`;
}

function windowsText({ windows, timezone, holidays }: HoursPolicy): string {
  const times = windows.map(({ days, from, to }) => {
    const names = DAYS.filter((_, index) => days.has(index + 1)).join(", ");
    return `on ${names} from ${clock(from)} to ${to > 1440 ? `${clock(to - 1440)} of the next day` : clock(to)}`;
  });
  const closed = holidays.map(({ name }) => name).join(", ");
  return `${times.join(", ")} (${timezone})${closed === "" ? "" : `, and no hours begin on the holidays ${closed}`}`;
}

function clock(minutes: number): string {
  const pad = (part: number) => String(part).padStart(2, "0");
  return `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}

function explainOthers(policy: TeamPolicy, say: Say): readonly PolicySentence[] {
  const { overlap, firstContact, afterOutsideMail } = policy;
  const done = { allow: "is let through", flag: "needs a person's look", deny: "is refused" } as const;
  return [
    ...(overlap === undefined
      ? []
      : [
          say(
            "overlap",
            `An email much like another assistant's of the last ${hoursOf(overlap.windowMs)} to the same person (${overlap.similarity} or more of 1) ${done[overlap.action]}.`,
          ),
        ]),
    ...(firstContact === "allow"
      ? []
      : [
          say(
            "first_contact",
            `Email to somebody whom the team never wrote to or heard from ${done[firstContact]}.`,
          ),
        ]),
    ...(afterOutsideMail === undefined || afterOutsideMail.newExternal === "allow"
      ? []
      : [
          say(
            "after_outside_mail",
            `For ${hoursOf(afterOutsideMail.windowMs)} after anybody of the team read ${afterOutsideMail.inbound === "all" ? "received mail" : "mail from outside"}, email to people outside to whom none had left before ${afterOutsideMail.newExternal === "deny" ? "is refused" : "needs a person's approval"}; whoever only wrote to the team is one of them.`,
          ),
        ]),
  ];
}

function hoursOf(ms: number): string {
  const minutes = ms / 60_000;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;
}

function concerns({ assistants }: PolicyException, assistant: AssistantPolicy | undefined): boolean {
  return assistant === undefined || assistants === undefined || assistants.has(assistant.id);
}

function explainException(exception: PolicyException): PolicySentence {
  const { rule, assistants, recipients, reason, owner, from, expires: last, where } = exception;
  const who = assistants === undefined ? "every assistant" : [...assistants].join(", ");
  const whom = recipients === undefined ? "" : ` writing to ${patterns(recipients)}`;
  return {
    text: `${from === undefined ? "Until" : `From ${from} until`} ${last} the rule ${rule} does not stop ${who}${whom}: ${reason} (${owner}).`,
    where,
  };
}

/** Patterns as people read them; a group's by its name, which is explained by itself. */
function patterns(list: readonly Located<AddressPattern>[]): string {
  return [...new Set(list.map(({ value, group }) => group?.name ?? formatPattern(value)))].join(", ");
}
