import type { ActionName, Attachment, EmailAction, Recipient } from "../action/mod.ts";
import type { Address } from "../address/mod.ts";
import { type AttachmentJudgement, type ContentHit, holdsPattern, scan } from "../content/mod.ts";
import {
  type Context,
  composeEmail,
  type Decision,
  decide,
  type LimitUsage,
  type LiveMailbox,
  scanOrder,
} from "../decision/mod.ts";
import {
  type ContentDetector,
  type OversightMode,
  type PolicySet,
  type RequiredText,
  sameDetector,
  type TeamPolicy,
} from "../policy/mod.ts";
import type { Asker } from "./persons.ts";

/** A part of an email of which policies can require something. */
export type TextPart = "subject" | "body";

/** One request of a class, in a world that stands for all worlds of the class. */
export interface ClassRequest {
  readonly assistant: string;
  readonly action: ActionName;
  /** Asked for; of a reply, the first wrote the email that is answered. */
  readonly recipients: readonly Address[];
  /** Epoch milliseconds. */
  readonly now: number;
  readonly asker: Asker;
  /** What the live mailbox's mode is; absent: as declared. */
  readonly mode?: OversightMode;
  readonly subject: string;
  readonly body: string;
  /** Patterns that policies require and that are found in it. */
  readonly says: Readonly<Record<TextPart, readonly string[]>>;
  /** So long it is, characters being put before it. */
  readonly length?: { readonly part: TextPart; readonly characters: number };
  /** What is found in the text. */
  readonly content: readonly ContentDetector[];
  readonly files: readonly ClassFile[];
  /** Epoch milliseconds. */
  readonly sendAt?: number;
  /** Emails that count against a limit already: of the first recipient, where it is one of a recipient's. */
  readonly used?: { readonly limit: LimitUsage["limit"]; readonly windowMs: number; readonly count: number };
  /** The first recipient is not known to the team; all others are. */
  readonly isNew?: boolean;
  /** So long ago somebody of the team read mail from outside. */
  readonly readOutsideMs?: number;
  /** Who wrote the same to the first recipient, so long ago. */
  readonly recent?: {
    readonly by: "colleague" | "another team";
    readonly agoMs: number;
    /** How alike the two are, 0 to 1; absent: the same. */
    readonly alike?: number;
  };
}

/** A file of a class. */
export interface ClassFile {
  readonly type: string;
  readonly bytes: number;
  /** Nobody can read what it says. */
  readonly unreadable?: boolean;
}

/** What is decided about a request of a class under one policy, whose live mailbox is as it declares it. */
export function decideClass(policy: TeamPolicy | undefined, request: ClassRequest): Decision {
  if (policy === undefined) return decide(NOBODY, emailOf(request), contextOf(undefined, request));
  const { set, abstract, added } = preparedOf(policy);
  const context = contextOf(policy, request);
  if (!isEmail(request)) {
    const ids = { read: { emailId: "some" }, thread: { threadId: "some" }, cancel: { receipt: "some" } };
    const action = {
      name: request.action,
      ...(request.action === "inbox" && { limit: 10 }),
      ...Object.entries(ids).find(([name]) => name === request.action)?.[1],
    };
    return decide(set, action as Parameters<typeof decide>[1], context);
  }
  const action = composedEmail(policy, request, context);
  const inspection = inspectionOf(abstract, request, { action, context, added });
  return decide(set, action, { ...context, inspection });
}

const NOBODY: PolicySet = { hash: "", files: [], teams: new Map(), keys: new Map() };

interface Prepared {
  /** What is required is a word that requests say or do not: whether patterns can be found together is not known. */
  readonly abstract: TeamPolicy;
  readonly set: PolicySet;
  /** Composed already, by what was asked for. */
  readonly drafts: Map<string, EmailAction["draft"]>;
  /** Names, as of `scanOrder`, of what is found in all that the policy adds to email itself; and to replies. */
  readonly added: { readonly email: ReadonlySet<string>; readonly reply: ReadonlySet<string> };
}

/** As `composeEmail` gives it; what it makes of the same text is known. */
function composedEmail(policy: TeamPolicy, request: ClassRequest, { original }: Context): EmailAction {
  const { abstract, drafts } = preparedOf(policy);
  const asked = emailOf(request);
  if (policy.compose === undefined || asked.draft.attachments.length > 0)
    return composeEmail(abstract, asked, original);
  const { action, subject, body, says, length, sendAt } = request;
  const key = JSON.stringify([action, subject, body, says, length, sendAt]);
  const known = drafts.get(key);
  if (known === undefined) {
    const composed = composeEmail(abstract, asked, original);
    drafts.set(key, composed.draft);
    return composed;
  }
  const draft = { subject: "", markdown: "", attachments: [] };
  return { ...composeEmail(abstract, { ...asked, draft }, original), draft: known };
}

const prepared = new WeakMap<TeamPolicy, Prepared>();

function preparedOf(policy: TeamPolicy): Prepared {
  const known = prepared.get(policy);
  if (known !== undefined) return known;
  const footers = (policy.compose?.footers ?? []).map(({ value }) => value).join("\n\n");
  const prefix = policy.compose?.subjectPrefix?.value ?? "";
  const foundIn = (subject: string): ReadonlySet<string> => {
    if (subject === "" && footers === "") return new Set();
    const draft = { subject, markdown: footers, attachments: [] };
    const { detectors } = scanOrder(policy, { name: "send", recipients: [], draft }, {});
    return new Set(scan(draft, detectors).map(({ detector }) => detector));
  };
  const required = (one: RequiredText | undefined, added: string): RequiredText | undefined =>
    one === undefined || (added !== "" && holdsPattern(added, one.pattern))
      ? undefined
      : { ...one, pattern: wordFor(one.pattern) };
  const { require, ...rest } = policy;
  const subject = required(require?.subject, prefix);
  const body = required(require?.body, footers);
  const abstract: TeamPolicy = {
    ...rest,
    require: { ...(subject && { subject }), ...(body && { body }) },
  };
  const made: Prepared = {
    abstract,
    drafts: new Map(),
    set: { ...NOBODY, teams: new Map([[policy.team, abstract]]) },
    added: { email: foundIn(prefix), reply: foundIn("") },
  };
  prepared.set(policy, made);
  return made;
}

const words = new Map<string, string>();

/** A word that stands for a text in which a pattern is found, and that no other pattern's is part of. */
function wordFor(pattern: string): string {
  const known = words.get(pattern);
  if (known !== undefined) return known;
  const word = `standsfor${[...String(words.size)].map((digit) => "abcdefghij"[Number(digit)]).join("")}z`;
  words.set(pattern, word);
  return word;
}

/** The text of a request, as it is decided about, or with a text for each pattern instead of its word. */
export function textOf(
  { subject, body, says, length }: ClassRequest,
  part: TextPart,
  wordOf: (pattern: string) => string,
): string {
  const text = [part === "subject" ? subject : body, ...says[part].map(wordOf)].filter(Boolean).join(" ");
  return length?.part === part ? text.padStart(length.characters, "x") : text;
}

function isEmail({ action }: ClassRequest): boolean {
  return action === "send" || action === "reply" || action === "report";
}

function emailOf(request: ClassRequest): EmailAction {
  const { action, recipients, files, sendAt } = request;
  const to = recipients.map(
    (address): Recipient => ({
      field: action === "reply" ? "cc" : "to",
      text: address.address,
      parsed: { ok: true, address },
    }),
  );
  const draft = {
    subject: action === "reply" ? "" : textOf(request, "subject", wordFor),
    markdown: textOf(request, "body", wordFor),
    attachments: files.map(attachmentOf),
    ...(sendAt !== undefined && action !== "reply" && { sendAt: new Date(sendAt).toISOString() }),
  };
  if (action === "reply") return { name: "reply", emailId: "some", recipients: to.slice(1), draft };
  return { name: action === "report" ? "report" : "send", recipients: to, draft };
}

function attachmentOf({ type }: ClassFile): Attachment {
  return { name: "file", contentType: type, contentBase64: "" };
}

function inspectionOf(
  policy: TeamPolicy,
  { content, files }: ClassRequest,
  {
    action,
    context,
    added,
  }: { readonly action: EmailAction; readonly context: Context; readonly added: Prepared["added"] },
): NonNullable<Context["inspection"]> {
  const always = action.name === "reply" ? added.reply : added.email;
  const wanted =
    content.length === 0 && always.size === 0 ? [] : scanOrder(policy, action, context).detectors;
  const patterns = [
    ...policy.content.block,
    ...policy.content.flag,
    ...policy.approval.classes.flatMap(({ when }) => when.content ?? []),
  ];
  const isFound = (detector: ContentDetector): boolean =>
    content.some((one) =>
      sameDetector(
        one,
        detector.kind === "pattern"
          ? (patterns[Number(detector.name.slice(8))]?.value ?? detector)
          : detector,
      ),
    );
  const hits: ContentHit[] = wanted
    .filter((one) => always.has(one.name) || isFound(one))
    .map(({ name, kind }) => ({ detector: name, kind, part: "body" as ContentHit["part"], line: 1 }));
  const unreadable = files.flatMap(({ unreadable }, index): readonly ContentHit[] =>
    unreadable
      ? [
          {
            detector: "unscannable",
            kind: "unscannable",
            part: "attachment" as ContentHit["part"],
            index,
            line: 1,
          },
        ]
      : [],
  );
  return { ok: true, hits: [...hits, ...unreadable], files: files.map(judgementOf) };
}

function judgementOf({ type, bytes }: ClassFile): AttachmentJudgement {
  const fine = {
    ok: true,
    readable: true,
    executable: false,
    encrypted: false,
    macros: false,
    active: false,
  };
  return { ...fine, unlisted: false, mismatch: false, declared: type, actual: type, bytes };
}

function contextOf(policy: TeamPolicy | undefined, request: ClassRequest): Context {
  const { assistant, asker, now, recipients, used, isNew, readOutsideMs, recent, action } = request;
  const [first] = recipients;
  const bases = new Set(recipients.map(({ base }) => base));
  const known = new Set([...bases].filter((base) => !isNew || base !== first?.base));
  return {
    now,
    team: policy?.team ?? "",
    assistant,
    ...asker,
    ...(policy && { live: liveOf(policy, request) }),
    ...(action === "reply" &&
      first && {
        original: {
          ok: true,
          participants: [{ text: first.address, parsed: { ok: true, address: first } }],
          status: "read",
          subject: request.subject,
        },
      }),
    ...(used && {
      usage: [
        {
          limit: used.limit,
          windowMs: used.windowMs,
          used: used.count,
          ...(used.limit === "per_recipient" && first && { recipient: first.base }),
          ...(used.limit === "per_domain" && first && { domain: first.domain }),
        },
      ],
    }),
    knownContacts: known,
    writtenBefore: known,
    ...(readOutsideMs !== undefined && { outsideMailReadAt: now - readOutsideMs }),
    ...(recent && {
      recent: [
        {
          receipt: "some",
          team: recent.by === "colleague" ? (policy?.team ?? "") : "\u0000another",
          assistant: "\u0000another",
          at: now - recent.agoMs,
          recipients: [...bases].slice(0, 1),
          ...(recent.by === "colleague" && {
            alike: recent.alike ?? 1,
          }),
        },
      ],
    }),
  };
}

function liveOf({ oversight, recipients, mailbox }: TeamPolicy, { mode, now }: ClassRequest): LiveMailbox {
  return {
    oversight: mode ?? oversight,
    allowlist: recipients.skipApproval.map(({ value }) => value),
    ...(mailbox.autoCc !== undefined && { autoCc: mailbox.autoCc }),
    ...(mailbox.autoBcc !== undefined && { autoBcc: mailbox.autoBcc }),
    active: true,
    seenAt: now,
  };
}
