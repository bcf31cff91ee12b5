import fc from "fast-check";
import {
  ACTION_NAMES,
  type Action,
  type Attachment,
  type Draft,
  isEmailAction,
  type Recipient,
} from "../../action/mod.ts";
import {
  type Address,
  type AddressPattern,
  type AddressResult,
  formatPattern,
  parseAddress,
  parseAddressPattern,
} from "../../address/mod.ts";
import {
  type Context,
  composeEmail,
  type LimitUsage,
  type LiveMailbox,
  type OriginalEmail,
  type RecentEmail,
} from "../../decision/mod.ts";
import { fingerprint } from "../../overlap/mod.ts";
import { type HoursPolicy, OVERSIGHT_MODES, type PolicySet, type TeamPolicy } from "../../policy/mod.ts";
import { addressText, allowlistPattern } from "./arbitrary_address.ts";
import { CLAIMS, USERS } from "./arbitrary_files.ts";
import { localTime } from "./local_clock.ts";
import { sometimes } from "./sometimes.ts";

/** One question to decide. */
export interface PolicyCase {
  /** As it was asked for. */
  readonly asked: Action;
  /** With what the policy adds to it, as which it is judged. */
  readonly action: Action;
  readonly context: Context;
}

/** The pools are small: most texts were read before. */
const read = remembered(parseAddress);
const fingerprintOf = remembered(fingerprint);

function remembered<T>(ask: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const answer = known.get(text) ?? ask(text);
    known.set(text, answer);
    return answer;
  };
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const STRANGERS = ["stranger", "constructor", "__proto__", ""];

/** Two about the same, one not, one in other letters; then what detectors know. */
const BODIES = [
  "Please find the schedule for the workshop in Lyon next week, with the agenda and the rooms for everybody.",
  "Please find the schedule for the workshop in Lyon next month, with the agenda and the rooms for everybody.",
  "Your invoice for the second quarter is overdue. Kindly tell us when the payment can be expected.",
  "会议改到星期五下午三点",
  "ok",
  "My card is 4111 1111 1111 1111, thank you",
  "Transfer it to GB82 WEST 1234 5698 7654 32 today",
  "How far is Project  Falcon?",
  // With a footer that a policy may add, by itself or as a reader would not see it.
  "Please come.\r\n\r\nAcme SA, registered in Paris  \n",
  "Please come.\n\n**Acme**\nRue de Lyon\n\nAcme SA, registered in Paris",
  "Please come. Acme SA, registered in Paris",
  "Acme SA, registered in Paris",
  '<div style="display:none">\n\nAcme SA, registered in Paris',
  "Please come. <!-- Acme SA, registered in Paris",
  "Please <b>come</b>, <a href='https://acme.example'>here</a>. <!-- soon -->",
];
const SUBJECTS = [
  ...["Workshop in Lyon", "Overdue invoice", "Re: project falcon", "Hello"],
  ...["[ACME]  Hello", "Re: Fwd: [Acme Support] workshop", "HRIS workshop", "hr: workshop", "n".repeat(993)],
];

const ATTACHMENTS: readonly Attachment[] = [
  file("notes.txt", "text/plain", "Nothing special"),
  file("notes.txt", "text/plain", "About Project Falcon"),
  file("project falcon.csv", "text/csv; charset=utf-8", "a,b\n1,2\n"),
  file("invoice.pdf", "application/pdf", "%PDF-1.4\u0000\u0001\u0002"),
  file("INVOICE.PDF", "Application/PDF", `%PDF-1.4${"\u0000\u0001".repeat(496)}`),
  file("one.pdf", "application/pdf", "\u0000"),
  file("setup.exe", "application/octet-stream", "MZ\u0000\u0001\u0002\u0003"),
];

function file(name: string, contentType: string, binary: string): Attachment {
  return { name, contentType, contentBase64: btoa(binary) };
}

const recipient = fc.record({
  field: fc.constantFrom("to", "cc", "bcc"),
  text: addressText,
  /** Somebody whom the policy speaks of, or the one before with another plus-tag. */
  instead: sometimes(40, fc.oneof(fc.nat(31), fc.constant("twin"))),
});
const recipients = fc.oneof(
  { weight: 2, arbitrary: fc.array(recipient, { minLength: 1, maxLength: 1 }) },
  { weight: 3, arbitrary: fc.array(recipient, { minLength: 1, maxLength: 4 }) },
);

/** How far from a boundary a number is. */
const nearly = fc.constantFrom(-1, 0, 1);

const now = fc.oneof(
  fc.record({
    kind: fc.constant("around"),
    minutes: fc.integer({ min: -2 * 1440, max: 2 * 1440 }),
    ms: nearly,
  }),
  fc.record({ kind: fc.constant("midnight"), days: fc.integer({ min: -2, max: 3 }), ms: nearly }),
  fc.record({
    kind: fc.constant("hours"),
    end: fc.boolean(),
    window: fc.nat(5),
    days: fc.integer({ min: -1, max: 2 }),
    ms: nearly,
  }),
);
type Now = typeof now extends fc.Arbitrary<infer T> ? T : never;

const live = fc.record({
  oversight: sometimes(25, fc.constantFrom(...OVERSIGHT_MODES, "gated_all", "gated_send", "supervised")),
  allowlist: sometimes(
    10,
    fc.array(fc.oneof(allowlistPattern, fc.constantFrom("*", "*@*", "nobody")), { maxLength: 3 }),
  ),
  order: fc.constantFrom("same", "reversed", "without duplicates"),
  autoCc: sometimes(5, fc.constantFrom("archive@acme.example", "spy@rival.example", "none")),
  autoBcc: sometimes(5, fc.constantFrom("JOURNAL@acme.example", "spy@rival.example", "none")),
  inactive: sometimes(2, fc.constant(true)),
  address: sometimes(30, fc.constantFrom("own", "own", "own", "own", "own", "sales@acme.multimail.dev")),
  sendingDisabled: sometimes(20, fc.constantFrom(false, false, false, false, true)),
  age: fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(0, 60_000, -1000) },
    { weight: 1, arbitrary: fc.constantFrom(299_999, 300_000, 300_001, DAY_MS) },
  ),
});
type Live = typeof live extends fc.Arbitrary<infer T> ? T : never;

const original = fc.record({
  unknown: sometimes(5, fc.constant(true)),
  participants: fc.array(
    fc.oneof({ weight: 3, arbitrary: addressText }, { weight: 1, arbitrary: fc.constant("own") }),
    {
      minLength: 1,
      maxLength: 4,
    },
  ),
  status: fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom("read", "unread", "archived") },
    {
      weight: 3,
      arbitrary: fc.constantFrom(
        ...[
          "pending_inbound_approval",
          "rejected",
          "deleted",
          "spam_flagged",
          "spam_quarantined",
          "pending_scan",
        ],
        ...["pending_send_approval", "scheduled", "cancelled", "send_failed", "sent", "delivered"],
        ...["", "READ", "toString", "released"],
      ),
    },
  ),
  isOwn: sometimes(25, fc.boolean()),
  hasLeft: sometimes(25, fc.boolean()),
  subject: fc.constantFrom(...SUBJECTS),
});
type Original = typeof original extends fc.Arbitrary<infer T> ? T : never;

const recent = fc.record({
  team: fc.constantFrom("own", "own", "support", "finance"),
  assistant: fc.integer({ min: 0, max: 2 }),
  age: fc.oneof({ weight: 3, arbitrary: fc.constant(1000) }, { weight: 1, arbitrary: nearly }),
  atEdge: fc.boolean(),
  to: fc.constantFrom("first", "last", "nobody"),
  subject: fc.constantFrom(...SUBJECTS),
  body: fc.constantFrom(...BODIES),
  fingerprint: sometimes(90, fc.constant(true)),
});
type Recent = typeof recent extends fc.Arbitrary<infer T> ? T : never;

const person = fc.record({
  address: sometimes(
    85,
    fc.oneof(fc.constantFrom(...USERS, "BOT@acme.example", "ana+x@acme.example"), addressText),
  ),
  claims: fc.subarray([...CLAIMS, "staff"]),
  key: fc.constantFrom(true, true, true, true, true, true, true, false),
});
type PersonSeed = typeof person extends fc.Arbitrary<infer T> ? T : never;

const seed = fc.record({
  person: sometimes(55, person),
  team: fc.oneof(
    { weight: 30, arbitrary: fc.constant("finance") },
    { weight: 15, arbitrary: fc.constant("support") },
    { weight: 1, arbitrary: fc.constantFrom(...STRANGERS) },
  ),
  assistant: fc.oneof(
    { weight: 40, arbitrary: fc.integer({ min: 0, max: 2 }) },
    { weight: 1, arbitrary: fc.constantFrom(...STRANGERS, "support-0") },
  ),
  now,
  name: fc.oneof(
    { weight: 10, arbitrary: fc.constant("send" as const) },
    { weight: 6, arbitrary: fc.constant("reply" as const) },
    { weight: 2, arbitrary: fc.constantFrom(...ACTION_NAMES, "invalid" as const) },
  ),
  mailbox: sometimes(10, fc.constantFrom("own", "other", "lower")),
  recipients,
  noRecipients: sometimes(3, fc.constant(true)),
  subject: fc.constantFrom(...SUBJECTS),
  body: fc.constantFrom(...BODIES),
  attachments: sometimes(15, fc.array(fc.constantFrom(...ATTACHMENTS), { maxLength: 4 })),
  sendAt: sometimes(
    18,
    fc.oneof(
      { weight: 4, arbitrary: fc.integer({ min: -1440, max: 3 * 1440 }) },
      { weight: 1, arbitrary: fc.record({ beyondMost: nearly }) },
    ),
  ),
  live: sometimes(97, live),
  stopped: sometimes(3, fc.constant("An email was not as it was authorised")),
  original: sometimes(95, original),
  usage: sometimes(70, fc.array(fc.constantFrom(-1, -2, -1, -1, 0, 1, -9), { minLength: 1, maxLength: 5 })),
  recent: sometimes(60, fc.array(recent, { maxLength: 3 })),
  known: sometimes(70, fc.array(fc.constantFrom(true, true, false), { minLength: 1, maxLength: 4 })),
  writtenBefore: sometimes(70, fc.array(fc.constantFrom(true, true, false), { minLength: 1, maxLength: 4 })),
  outsideMail: sometimes(60, fc.record({ atEdge: fc.boolean(), ms: nearly })),
});
type Seed = typeof seed extends fc.Arbitrary<infer T> ? T : never;

/** Generates questions that make sense to any policies, once these are known: `toCase(policies)`. */
export function policyCase(today: number): fc.Arbitrary<(policies: PolicySet) => PolicyCase> {
  return seed.map((seed) => (policies) => toCase(seed, policies, today));
}

function toCase(seed: Seed, policies: PolicySet, today: number): PolicyCase {
  // Whoever is unknown asks for what the first team could have asked for.
  const [first] = [...policies.teams.values()];
  const policy = policies.teams.get(seed.team) ?? first;
  if (policy === undefined) throw new Error("No team was generated");
  const assistants = [...policy.assistants.keys()];
  const assistant =
    typeof seed.assistant === "string"
      ? seed.assistant
      : (assistants[seed.assistant % assistants.length] ?? "");
  const at = instant(seed.now, policy.assistants.get(assistant)?.hours ?? policy.hours, today);
  const asked = toAction(seed, policy, at);
  const replied = seed.original && toOriginal(seed.original, policy);
  const action = isEmailAction(asked) ? composeEmail(policy, asked, replied) : asked;
  const addresses = reached(action, replied).flatMap((one) => (one.ok ? [one.address] : []));
  const bases = addresses.map(({ base }) => base);
  const window = policy.afterOutsideMail?.windowMs ?? 0;
  return {
    asked,
    action,
    context: {
      now: at,
      team: seed.team,
      assistant,
      ...(seed.person && toPerson(seed.person)),
      ...(seed.live && { live: toLive(seed.live, policy, at) }),
      ...(seed.stopped && { stopped: seed.stopped }),
      ...(replied && action.name === "reply" && { original: replied }),
      ...(seed.usage && { usage: toUsage(seed.usage, policy, assistant, addresses) }),
      ...(seed.recent && { recent: seed.recent.map((one, i) => toRecent(one, policy, bases, { at, i })) }),
      ...(seed.known && { knownContacts: toKnown(seed.known, bases) }),
      ...(seed.writtenBefore && { writtenBefore: toKnown(seed.writtenBefore, bases) }),
      ...(seed.outsideMail && {
        outsideMailReadAt: at - (seed.outsideMail.atEdge ? window : 1000) + seed.outsideMail.ms,
      }),
    },
  };
}

function toPerson({ address, claims, key }: PersonSeed): Pick<Context, "person" | "isProven"> {
  const parsed = address === undefined ? undefined : read(address);
  const known = parsed?.ok ? { address: parsed.address } : {};
  return { person: { issuer: "https://sign-in.example", subject: "u1", claims, ...known }, isProven: key };
}

function reached(action: Action, replied: OriginalEmail | undefined): readonly AddressResult[] {
  if (!isEmailAction(action)) return [];
  const participants = action.name === "reply" && replied?.ok ? replied.participants : [];
  return [...participants, ...action.recipients].map(({ parsed }) => parsed);
}

/** Around summer time's beginning and end, the expiry of exceptions, and the edges of working hours and of their days. */
function instant(now: Now, hours: HoursPolicy | undefined, today: number): number {
  if (now.kind === "around") return today + now.minutes * MINUTE_MS + now.ms;
  const midnight = today + now.days * DAY_MS;
  if (now.kind === "midnight" || hours === undefined) return midnight + now.ms;
  const window = hours.windows[now.window % hours.windows.length];
  const edge = (window === undefined ? 0 : now.end ? window.to : window.from) % 1440;
  let at = midnight;
  while (localTime(hours.timezone, at).minute !== edge && at < midnight + DAY_MS) at += MINUTE_MS;
  return at + now.ms;
}

function toAction(seed: Seed, policy: TeamPolicy, now: number): Action {
  const inMailbox = seed.mailbox && { mailboxId: mailboxId(seed.mailbox, policy) };
  const recipients = seed.noRecipients ? [] : toRecipients(seed.recipients, policy);
  const ahead =
    typeof seed.sendAt === "object"
      ? policy.sendAt.atMostMs + seed.sendAt.beyondMost
      : (seed.sendAt ?? 0) * MINUTE_MS;
  const sendAt = seed.sendAt && new Date(now + ahead).toISOString();
  const draft: Draft = {
    subject: seed.name === "reply" ? "" : seed.subject,
    markdown: seed.body,
    attachments: seed.attachments ?? [],
    ...(sendAt && seed.name !== "reply" && { sendAt }),
  };
  switch (seed.name) {
    case "send":
    case "report":
      return { name: seed.name, recipients, draft, ...inMailbox };
    case "reply":
      return { name: "reply", emailId: "e1", recipients: recipients.slice(1, 3), draft, ...inMailbox };
    case "inbox":
      return { name: "inbox", limit: 20, ...inMailbox };
    case "read":
      return { name: "read", emailId: "e1", ...inMailbox };
    case "thread":
      return { name: "thread", threadId: "t1", ...inMailbox };
    case "status":
      return { name: "status", ...inMailbox };
    case "cancel":
      return { name: "cancel", receipt: "r1", ...inMailbox };
    case "invalid":
      return { name: "invalid", code: "invalid_request", attempted: "send", problems: [], ...inMailbox };
  }
}

function toRecipients(seeds: Seed["recipients"], policy: TeamPolicy): readonly Recipient[] {
  const spokenOf = addressesOf(policy);
  let before = "ana@client.example";
  return seeds.map(({ field, text, instead }) => {
    if (instead === "twin")
      before = before.includes("+") ? before.replace(/\+\w*@/, "@") : before.replace("@", "+inv@");
    else before = typeof instead === "number" ? (spokenOf[instead % spokenOf.length] ?? text) : text;
    return { field, text: before, parsed: read(before) };
  });
}

/** One address that each pattern of a policy covers. */
function addressesOf({
  recipients: { allow = [], deny, skipApproval },
  exceptions,
}: TeamPolicy): readonly string[] {
  const excepted = exceptions.flatMap(({ recipients = [] }) => recipients);
  return [...allow, ...deny, ...skipApproval, ...excepted].map(({ value }) => {
    if (value.kind === "address") return value.key;
    return value.kind === "domain" ? `ana@${value.domain}` : `ana@any.${value.domain}`;
  });
}

function mailboxId(kind: string, { mailbox }: TeamPolicy): string {
  if (kind === "other") return "01MAILBOXother";
  return kind === "lower" ? mailbox.id.toLowerCase() : mailbox.id;
}

function toLive(live: Live, { oversight, mailbox, recipients }: TeamPolicy, now: number): LiveMailbox {
  const declared = recipients.skipApproval.map(({ value }) => value);
  const other = live.allowlist?.map((text) => {
    const parsed = parseAddressPattern(text);
    return parsed.ok ? parsed.pattern : text;
  });
  const copy = (live: string | undefined, named: string | undefined) =>
    live === "none" ? undefined : (live ?? named);
  const autoCc = copy(live.autoCc, mailbox.autoCc);
  const autoBcc = copy(live.autoBcc, mailbox.autoBcc);
  return {
    oversight: live.oversight ?? oversight,
    allowlist: other ?? ordered(declared, live.order),
    ...(autoCc !== undefined && { autoCc }),
    ...(autoBcc !== undefined && { autoBcc }),
    active: !live.inactive,
    ...(live.address && { address: live.address === "own" ? mailbox.address.toUpperCase() : live.address }),
    ...(live.sendingDisabled !== undefined && { sendingDisabled: live.sendingDisabled }),
    seenAt: now - live.age,
  };
}

function ordered(patterns: readonly AddressPattern[], order: string): readonly AddressPattern[] {
  if (order === "reversed") return patterns.toReversed();
  if (order === "same") return patterns;
  return [...new Map(patterns.map((pattern) => [formatPattern(pattern), pattern])).values()];
}

function toOriginal(
  { unknown, participants, status, subject, isOwn, hasLeft }: Original,
  { mailbox }: TeamPolicy,
): OriginalEmail {
  if (unknown) return { ok: false, message: "No such email" };
  const texts = participants.map((text) => (text === "own" ? `Team <${mailbox.address}>` : text));
  return {
    ok: true,
    participants: texts.map((text) => ({ text, parsed: read(text) })),
    status,
    subject,
    ...(isOwn !== undefined && { isOwn }),
    ...(hasLeft !== undefined && { hasLeft }),
  };
}

/** Each limit nearly reached, reached, or passed. */
function toUsage(
  deltas: readonly number[],
  policy: TeamPolicy,
  assistant: string,
  addresses: readonly Address[],
): readonly LimitUsage[] {
  const sources = [
    policy.limits,
    ...[policy.assistants.get(assistant)].flatMap((one) => (one ? [one.limits] : [])),
  ];
  const usage = new Map<string, LimitUsage>();
  const add = (one: Omit<LimitUsage, "used">, count: number) => {
    const used = Math.max(0, count + (deltas[usage.size % deltas.length] ?? 0));
    const key = [one.limit, one.windowMs, one.recipient, one.domain].join();
    if (!usage.has(key)) usage.set(key, { ...one, used });
  };
  for (const { perAssistant, perRecipient, perDomain, perUser, team } of sources) {
    for (const { windowMs, count } of perAssistant) add({ limit: "per_assistant", windowMs }, count);
    for (const { windowMs, count } of perUser) add({ limit: "per_user", windowMs }, count);
    for (const { windowMs, count } of team) add({ limit: "team", windowMs }, count);
    for (const { windowMs, count } of perRecipient)
      for (const { base } of addresses) add({ limit: "per_recipient", windowMs, recipient: base }, count);
    for (const { windowMs, count } of perDomain)
      for (const { domain } of addresses) add({ limit: "per_domain", windowMs, domain }, count);
  }
  return [...usage.values()];
}

function toRecent(
  recent: Recent,
  { team, overlap, assistants }: TeamPolicy,
  bases: readonly string[],
  { at, i }: { readonly at: number; readonly i: number },
): RecentEmail {
  const sender = recent.team === "own" ? team : recent.team;
  const to = recent.to === "nobody" ? "nobody@client.example" : bases.at(recent.to === "first" ? 0 : -1);
  const age = recent.atEdge ? (overlap?.windowMs ?? 0) + (recent.age % 1000) : recent.age;
  return {
    receipt: `r${i}`,
    team: sender,
    assistant: sender === team ? ([...assistants.keys(), "gone"][recent.assistant] ?? "gone") : `${sender}-0`,
    at: at - age,
    recipients: to === undefined ? [] : ["else@client.example", to],
    ...(recent.fingerprint && { fingerprint: fingerprintOf(`${recent.subject}\n${recent.body}`) }),
  };
}

function toKnown(known: readonly boolean[], bases: readonly string[]): ReadonlySet<string> {
  return new Set(bases.filter((_, index) => known[index % known.length]));
}
