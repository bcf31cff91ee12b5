import { ACTION_NAMES, type ActionName, MAX_MARKDOWN, MAX_SUBJECT } from "../action/mod.ts";
import { matchesDenyPattern } from "../address/mod.ts";
import { type Fact, RULE_INPUTS, refusedUsers } from "../decision/mod.ts";
import {
  type AssistantPolicy,
  type ContentDetector,
  isAsStrictAs,
  type LimitsPolicy,
  OVERSIGHT_MODES,
  type OversightMode,
  type RuleName,
  sameDetector,
  type TeamPolicy,
} from "../policy/mod.ts";
import type { ClassFile, ClassRequest, TextPart } from "./class_request.ts";
import { type Instants, instantsOf } from "./instants.ts";
import { type Asker, askersOf } from "./persons.ts";
import { type Recipients, recipientClasses } from "./recipient_classes.ts";

/** What a request differs in from the plainest one of its family. */
export type Aspect =
  | "asker"
  | "content"
  | "files"
  | "limits"
  | "contact"
  | "outside mail"
  | "overlap"
  | "send_at"
  | "require"
  | "compose"
  | "count";

/** Requests that share what several rules look at: who asks for what, to whom, when. */
export interface ClassFamily {
  /** Indices into `Recipients.classes`, without order; empty when the action is no email. */
  readonly classes: readonly number[];
  /** Of `Classes.signatureOf`. */
  readonly time: string;
  /** With nothing in it that any rule could mind, besides what the family shares. */
  readonly base: ClassRequest;
  /** One thing is otherwise in each. */
  readonly variants: () => Iterable<ClassVariant>;
}

/** A request that differs in one thing from the plainest. */
export interface ClassVariant {
  readonly aspect: Aspect;
  /** In words: `iban is found in it`. */
  readonly what: string;
  readonly request: ClassRequest;
}

/** All that some policies of one team can tell apart. */
export interface Classes {
  readonly recipients: Recipients;
  /** What the policies' hours and exceptions say of an instant, of an assistant's email. */
  readonly signatureOf: (assistant: string, instant: number) => string;
  readonly families: () => Iterable<ClassFamily>;
}

/** What a question is about, beyond what the policies say. */
export interface ClassesOptions {
  /** Requests of from now on are looked at; epoch milliseconds. */
  readonly now: number;
  /** Rules that may decide an assistant's requests otherwise; what no other rule looks at is left out. */
  readonly minded: (assistant: string) => ReadonlySet<RuleName>;
}

/** The classes of requests of one team's policy, or the common refinement of two: `docs/classes.md` says why these are all. */
export function classesOf(policies: readonly TeamPolicy[], options: ClassesOptions): Classes {
  const { now, minded } = options;
  const recipients = recipientClasses(policies);
  const known = new Map<string, Instants>();
  const instantsFor = (assistant: string): Instants => {
    const hoursMatter = minded(assistant).has("hours") || policies.length === 1;
    const found = known.get(assistant) ?? instantsOf(policies, { assistant, now, hoursMatter });
    known.set(assistant, found);
    return found;
  };
  return {
    recipients,
    signatureOf: (assistant, instant) => instantsFor(assistant).signatureOf(instant),
    *families() {
      const sets = setsOf(recipients, policies);
      const assistants = new Set(policies.flatMap((policy) => [...policy.assistants.keys()]));
      const says = { subject: wantedOf(policies, "subject"), body: wantedOf(policies, "body") };
      for (const assistant of assistants) {
        const rules = minded(assistant);
        if (rules.size === 0) continue;
        const facts = new Set([...rules].flatMap((rule) => RULE_INPUTS[rule].facts));
        const { instants, signatureOf } = instantsFor(assistant);
        const own = policies.map((policy) => policy.assistants.get(assistant));
        const askers = askersOf(own);
        const input = { policies, own, askers, instants, facts, rules };
        const actions = ACTION_NAMES.filter((name) => own.some((one) => one?.actions.has(name)));
        for (const action of actions)
          for (const asker of plainAskers(policies, own, askers))
            for (const mode of modesOf(policies))
              for (const now of isEmail(action) ? instants : instants.slice(0, 1))
                for (const classes of isEmail(action) ? sets : [[]]) {
                  // Each recipient of a report gets an email of their own.
                  if (action === "report" && classes.length > 1) continue;
                  const base: ClassRequest = {
                    ...{ assistant, action, now, asker, files: [], content: [], says },
                    ...{ subject: "Hello", body: PLAIN_BODY },
                    recipients: addressesOf(recipients, classes),
                    ...(mode !== undefined && { mode }),
                  };
                  yield { classes, time: signatureOf(now), base, variants: () => variantsOf(base, input) };
                }
      }
    },
  };
}

/** Patterns that some policy requires in a part: a plain text says them all. */
function wantedOf(policies: readonly TeamPolicy[], part: TextPart): readonly string[] {
  return [...new Set(policies.flatMap(({ require }) => require?.[part]?.pattern ?? []))];
}

function isEmail(action: ActionName): boolean {
  return action === "send" || action === "reply" || action === "report";
}

function addressesOf({ classes }: Recipients, set: readonly number[]): ClassRequest["recipients"] {
  return set.map((index) => classes[index]?.address).filter((address) => address !== undefined);
}

/**
 * One recipient who is minded, one for whom the one policy has the email held, and one for whom the other does: only where a
 * mailbox holds by recipient do two or three say more than one.
 */
function setsOf({ classes }: Recipients, policies: readonly TeamPolicy[]): readonly (readonly number[])[] {
  const all = classes.map((_, index) => index);
  const lists = policies.map(({ recipients }) => recipients.skipApproval.map(({ value }) => value));
  // For which policies, as bits, one recipient has an email held whose mailbox holds by recipient.
  const bits = classes.map(({ address }) =>
    lists.reduce(
      (sum, list, index) => sum | (list.some((one) => matchesDenyPattern(one, address)) ? 0 : 1 << index),
      0,
    ),
  );
  const heldBy = (set: readonly number[]): number => set.reduce((sum, index) => sum | (bits[index] ?? 0), 0);
  const saysMore = (set: readonly number[]): boolean =>
    set.some((minded) =>
      set.every(
        (other) => other === minded || heldBy(set.filter((index) => index !== other)) !== heldBy(set),
      ),
    );
  const one = all.map((index) => [index]);
  const two = all.flatMap((a) => all.filter((b) => b > a).map((b) => [a, b]));
  const helpers = all.filter((index) => bits[index] !== 0 && bits[index] !== (1 << policies.length) - 1);
  const three =
    policies.length < 2
      ? []
      : helpers.flatMap((a) =>
          helpers
            .filter((b) => b > a)
            .flatMap((b) =>
              all.filter((c) => c !== a && c !== b).map((c) => [a, b, c].sort((x, y) => x - y)),
            ),
        );
  return [...one, ...[...two, ...three].filter(saysMore)];
}

/** As declared, or as a stricter one that a live mailbox may have instead. */
function modesOf(policies: readonly TeamPolicy[]): readonly (OversightMode | undefined)[] {
  const stricter = OVERSIGHT_MODES.filter((mode) =>
    policies.some(({ oversight }) => mode !== oversight && isAsStrictAs(mode, oversight)),
  );
  return [undefined, ...stricter.filter((mode) => mode === "gated_all" || mode === "gated_send")];
}

/** Somebody whom all policies let ask; where there is nobody, somebody for each. */
function plainAskers(
  policies: readonly TeamPolicy[],
  own: readonly (AssistantPolicy | undefined)[],
  askers: readonly Asker[],
): readonly Asker[] {
  const mayAsk = (asker: Asker, index: number): boolean => {
    const [policy, assistant] = [policies[index], own[index]];
    if (policy === undefined || assistant === undefined) return false;
    return refusedUsers({ policy, assistant, context: asker }).length === 0;
  };
  const isAsked = own.some((one) => one?.users !== undefined || (one?.limits.perUser.length ?? 0) > 0);
  const isCounted = isAsked || policies.some(({ limits }) => limits.perUser.length > 0);
  // Whoever signs in is let ask wherever nobody need; the shortest example says nothing of them.
  const signedIn = [...askers].sort(
    (a, b) => (isCounted ? 1 : -1) * (Number(b.person !== undefined) - Number(a.person !== undefined)),
  );
  const indices = policies.map((_, index) => index).filter((index) => own[index] !== undefined);
  const both = signedIn.find((asker) => indices.every((index) => mayAsk(asker, index)));
  if (both !== undefined) return [both];
  const each = indices.map((index) => signedIn.find((asker) => mayAsk(asker, index)));
  return each.filter((asker) => asker !== undefined);
}

const PLAIN_BODY = "Hello";

/** Words enough for two texts to be more or less alike. */
const LONG_BODY =
  "The schedule of the workshop next month, with rooms, speakers and travel arrangements for everybody.";

interface VariantInput {
  readonly policies: readonly TeamPolicy[];
  readonly own: readonly (AssistantPolicy | undefined)[];
  readonly askers: readonly Asker[];
  readonly instants: readonly number[];
  /** What the rules that may decide otherwise look at. */
  readonly facts: ReadonlySet<Fact>;
  readonly rules: ReadonlySet<RuleName>;
}

function* variantsOf(base: ClassRequest, input: VariantInput): Iterable<ClassVariant> {
  const { policies, facts, rules, askers } = input;
  if (facts.has("person"))
    for (const asker of askers)
      if (asker !== base.asker)
        yield { aspect: "asker", what: askerText(asker), request: { ...base, asker } };
  if (!isEmail(base.action)) return;
  if (facts.has("content")) yield* contents(base, input);
  if (facts.has("files") || facts.has("content"))
    for (const files of filesOf(policies))
      yield { aspect: "files", what: filesText(files), request: { ...base, files } };
  if (rules.has("recipients.max_per_email"))
    for (const request of counts(base, policies))
      yield {
        aspect: "count",
        what: `it has more than ${plural(request.recipients.length - 1, "recipient")}`,
        request,
      };
  if (facts.has("sendAt")) yield* times(base, input);
  if (rules.has("require")) yield* texts(base);
  if (rules.has("compose")) yield* lengths(base, policies);
  for (const [index] of base.recipients.entries()) {
    const recipients = [...base.recipients.slice(index), ...base.recipients.slice(0, index)];
    yield* worlds({ ...base, recipients }, input);
  }
}

function askerText({ person, isProven }: Asker): string {
  const who =
    person === undefined
      ? "nobody signed in"
      : `${person.address?.address ?? "somebody without a confirmed address"}${person.claims.length > 0 ? ` of ${person.claims.join(", ")}` : ""} asks`;
  return isProven ? who : `${who}, without the assistant's key`;
}

function* contents(base: ClassRequest, { policies }: VariantInput): Iterable<ClassVariant> {
  const detectors: ContentDetector[] = [];
  for (const { content, approval } of policies)
    for (const { value } of [
      ...content.block,
      ...content.flag,
      ...approval.classes.flatMap(({ when }) => when.content ?? []),
    ])
      if (!detectors.some((one) => sameDetector(one, value))) detectors.push(value);
  // Only a class of approval asks for both.
  const asksForBoth = policies.some(({ approval }) =>
    approval.classes.some(({ when }) => when.content !== undefined && when.attachments),
  );
  const files = asksForBoth ? fittingFiles(policies, "text") : [];
  for (const detector of detectors) {
    const request = { ...base, content: [...base.content, detector] };
    yield { aspect: "content", what: `it holds ${detector.name}`, request };
    for (const file of files)
      yield {
        aspect: "content",
        what: `it holds ${detector.name} and has a file`,
        request: { ...request, files: [file] },
      };
  }
}

const OTHER_TYPE = "application/x-other";

function typesOf(policies: readonly TeamPolicy[]): readonly string[] {
  return [
    ...new Set(policies.flatMap(({ attachments }) => attachments?.allow.map(({ value }) => value) ?? [])),
  ];
}

/** A file of each combination of policies that allow its type; text, or no text, where there is a choice. */
function fittingFiles(policies: readonly TeamPolicy[], prefer: "text" | "no text"): readonly ClassFile[] {
  const known = new Map<string, ClassFile>();
  const isLast = (type: string): number => Number(type.startsWith("text/") !== (prefer === "text"));
  for (const type of [...typesOf(policies)].sort((a, b) => isLast(a) - isLast(b))) {
    const allowed = policies
      .map(({ attachments }) => attachments?.allow.some(({ value }) => value === type))
      .join();
    if (!known.has(allowed)) known.set(allowed, plainFile(type));
  }
  return [...known.values()];
}

/** Nobody reads what a picture says. */
function plainFile(type: string): ClassFile {
  return { type, bytes: 1, ...(/^(?:image|audio|video)\//.test(type) && { unreadable: true }) };
}

function filesOf(policies: readonly TeamPolicy[]): readonly (readonly ClassFile[])[] {
  const maxCounts = policies.flatMap(({ attachments }) => (attachments ? [attachments.maxCount] : []));
  const maxBytes = policies.flatMap(({ attachments }) => (attachments ? [attachments.maxBytes] : []));
  return [
    ...[...typesOf(policies), OTHER_TYPE].map((type) => [plainFile(type)]),
    ...fittingFiles(policies, "no text").map((file) => [{ ...file, unreadable: true }]),
    ...fittingFiles(policies, "text").flatMap((file) => [
      ...[...new Set(maxCounts)].map((count) => Array.from({ length: count + 1 }, () => file)),
      ...[...new Set(maxBytes)].map((bytes) => [{ ...file, bytes: bytes + 1 }]),
    ]),
  ];
}

function filesText(files: readonly ClassFile[]): string {
  const [first] = files;
  if (first === undefined) return "it has no file";
  if (files.length > 1) return `it has more than ${plural(files.length - 1, "file")}`;
  if (first.unreadable && plainFile(first.type).unreadable === undefined)
    return "it has a file that nobody can read";
  if (first.bytes > 1) return `its files have more than ${bytesText(first.bytes - 1)}`;
  return first.type === OTHER_TYPE
    ? "it has a file of a type that no policy names"
    : `it has a file of type ${first.type}`;
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

function bytesText(bytes: number): string {
  if (bytes >= 1_000_000) return `${bytes / 1_000_000} MB`;
  return bytes >= 1000 ? `${bytes / 1000} KB` : `${bytes} bytes`;
}

/** One recipient more than each bound: the first again, which counts and tells nothing else. */
function counts(base: ClassRequest, policies: readonly TeamPolicy[]): readonly ClassRequest[] {
  const bounds = new Set(policies.map(({ recipients: { maxPerEmail } }) => maxPerEmail + 1));
  const [first] = base.recipients;
  if (first === undefined) return [];
  return [...bounds]
    .filter((count) => count > base.recipients.length)
    .map((count) => ({
      ...base,
      recipients: [
        ...base.recipients,
        ...Array.from({ length: count - base.recipients.length }, () => first),
      ],
    }));
}

function* times(base: ClassRequest, { policies, instants }: VariantInput): Iterable<ClassVariant> {
  if (base.action === "reply") return;
  const bounds = policies.flatMap(({ sendAt }) => [sendAt.atMostMs, sendAt.atMostMs + 1]);
  const later = instants.filter((at) => at > base.now).map((at) => at - base.now);
  for (const ahead of new Set([...bounds, ...later]))
    yield {
      aspect: "send_at",
      what: `it is to leave ${spanText(ahead)} later`,
      request: { ...base, sendAt: base.now + ahead },
    };
}

/** Each pattern that is required is said, or all others are: of one that is missing an email is denied. */
function* texts(base: ClassRequest): Iterable<ClassVariant> {
  for (const part of ["subject", "body"] as const)
    for (const pattern of base.says[part]) {
      const what = `its ${part} does not say what matches "${pattern}"`;
      const others = base.says[part].filter((one) => one !== pattern);
      yield { aspect: "require", what, request: { ...base, says: { ...base.says, [part]: others } } };
    }
}

/** Texts that are just short enough for what a policy adds, or too long, or hide it. */
function* lengths(base: ClassRequest, policies: readonly TeamPolicy[]): Iterable<ClassVariant> {
  const added = policies.map(({ compose }) => ({
    subject: compose?.subjectPrefix?.value.length ?? 0,
    body: (compose?.footers ?? []).reduce((sum, { value }) => sum + value.length + 2, 0),
  }));
  // What both add the same fits under both.
  for (const [part, most] of [
    ["subject", MAX_SUBJECT],
    ["body", MAX_MARKDOWN],
  ] as const)
    for (const characters of new Set(
      (new Set(added.map((one) => one[part])).size === 1 && added.length > 1 ? [] : added).flatMap((one) =>
        one[part] === 0 ? [most] : [most - one[part], most - one[part] + 1],
      ),
    )) {
      const what = `its ${part} is nearly as long as an email's may be`;
      yield { aspect: "compose", what, request: { ...base, length: { part, characters } } };
    }
  const body = `${base.body}\n\n<!-- not closed`;
  yield {
    aspect: "compose",
    what: "its text would hide what comes below it",
    request: { ...base, body },
  };
}

/** What happened before, as far as it is of the first recipient or of nobody. */
function* worlds(base: ClassRequest, { policies, own, facts }: VariantInput): Iterable<ClassVariant> {
  if (facts.has("knownContacts")) yield* contacts(base, policies);
  if (facts.has("recent")) yield* overlaps(base, policies);
  if (facts.has("usage")) yield* usages(base, { policies, own });
}

function* contacts(base: ClassRequest, policies: readonly TeamPolicy[]): Iterable<ClassVariant> {
  yield { aspect: "contact", what: "somebody new is written to", request: { ...base, isNew: true } };
  const windows = policies.flatMap(({ afterOutsideMail }) =>
    afterOutsideMail ? [afterOutsideMail.windowMs] : [],
  );
  for (const readOutsideMs of new Set(windows.length === 0 ? [] : [0, ...windows])) {
    const what = `somebody new is written to ${agoText(readOutsideMs, "after")} mail from outside was read`;
    yield { aspect: "outside mail", what, request: { ...base, isNew: true, readOutsideMs } };
  }
}

function* overlaps(base: ClassRequest, policies: readonly TeamPolicy[]): Iterable<ClassVariant> {
  const overlaps = policies.flatMap(({ overlap }) => (overlap ? [overlap] : []));
  if (overlaps.length === 0) return;
  const alike = new Set([1, ...overlaps.map(({ similarity }) => similarity)]);
  for (const agoMs of new Set([0, ...overlaps.map(({ windowMs }) => windowMs)])) {
    const ago = agoMs === 0 ? "just now" : `${spanText(agoMs)} ago`;
    yield {
      aspect: "overlap",
      what: `another team wrote to them ${ago}`,
      request: { ...base, recent: { by: "another team", agoMs } },
    };
    for (const one of alike)
      yield {
        aspect: "overlap",
        what: `a colleague wrote ${one === 1 ? "the same" : "something like it"} ${ago}`,
        request: { ...base, body: LONG_BODY, recent: { by: "colleague", agoMs, alike: one } },
      };
  }
}

function* usages(
  base: ClassRequest,
  { policies, own }: Pick<VariantInput, "policies" | "own">,
): Iterable<ClassVariant> {
  const sources = [
    ...policies.map(({ limits }) => limits),
    ...own.flatMap((one) => (one ? [one.limits] : [])),
  ];
  for (const [name, limit] of Object.entries(LIMITS) as [
    keyof LimitsPolicy,
    (typeof LIMITS)[keyof LimitsPolicy],
  ][]) {
    const rates = sources.flatMap((limits) => limits[name]);
    for (const windowMs of new Set(rates.map((rate) => rate.windowMs))) {
      const bounds = rates.filter((rate) => rate.windowMs === windowMs).map(({ count }) => count);
      for (const count of new Set(bounds)) {
        const what = `${LIMIT_WORDS[name]} ${plural(count, "email")} in the last ${spanText(windowMs).replace(/^1 /, "")} already`;
        yield { aspect: "limits", what, request: { ...base, used: { limit, windowMs, count } } };
      }
    }
  }
}

const LIMITS = {
  perAssistant: "per_assistant",
  perRecipient: "per_recipient",
  perDomain: "per_domain",
  perUser: "per_user",
  team: "team",
} as const satisfies Record<keyof LimitsPolicy, string>;

const LIMIT_WORDS: Readonly<Record<keyof LimitsPolicy, string>> = {
  perAssistant: "this assistant has sent",
  perRecipient: "this recipient has had",
  perDomain: "this recipient's domain has had",
  perUser: "this person has asked for",
  team: "the team has sent",
};

const SPANS = [
  [7 * 86_400_000, "week"],
  [86_400_000, "day"],
  [3_600_000, "hour"],
  [60_000, "minute"],
] as const;

function agoText(ms: number, after: string): string {
  return ms === 0 ? `just ${after}` : `${spanText(ms)} ${after}`;
}

/** `30 days`, `1 hour and a moment`: to the unit that fits. */
export function spanText(ms: number): string {
  if (ms === 0) return "0 minutes";
  for (const [unit, word] of SPANS) {
    const count = Math.round(ms / unit);
    if (count < 1 || Math.abs(ms - count * unit) > 1000) continue;
    const exact = `${count} ${word}${count === 1 ? "" : "s"}`;
    if (ms === count * unit) return exact;
    return ms < count * unit ? `nearly ${exact}` : `more than ${exact}`;
  }
  return `${Math.round(ms / 60_000)} minutes`;
}
