import type { ActionName } from "../action/mod.ts";
import type { Address, AddressPattern } from "../address/mod.ts";
import type { OversightMode } from "./oversight_mode.ts";
import { type PlaceTable, placeAt } from "./place_table.ts";
import { nearestPlace, type Where } from "./where.ts";

/** A value together with the place that wrote it, so that a decision can name the line. */
export interface Located<T> {
  readonly value: T;
  /** As written in the file. */
  readonly text: string;
  /** Where it holds: of a group's entry, where the group is used. */
  readonly where: Where;
  /** The group that it was written in: its name as used (`group:suppliers`), and where the entry itself is. */
  readonly group?: { readonly name: string; readonly where: Where };
}

/** A list that a policy uses by its name. */
export interface NamedList {
  /** As used: `group:suppliers`, `role:finance-leads`; holidays as `holidays fr`. */
  readonly name: string;
  /** Canonical patterns or addresses, those of groups in it included; days of holidays. */
  readonly members: readonly string[];
  /** Where it is defined. */
  readonly where: Where;
  readonly usedAt: readonly Where[];
}

/**
 * What one team may do: its file, with defaults filled in and the organisation's bounds merged into it.
 * Plain data (no functions, no class instances): it crosses threads. Immutable.
 */
export interface TeamPolicy {
  readonly team: string;
  readonly description: string;
  readonly mailbox: MailboxPolicy;
  readonly oversight: OversightMode;
  /** Canonical addresses (`Address.key`) of the people who may approve: those of `approval.by`. */
  readonly approvers: readonly string[];
  readonly approval: ApprovalPolicy;
  /** Who stands in for whom, as the team's own file says; the organisation's are in `PolicySet`. Absent: nobody. */
  readonly delegates?: readonly Delegation[];
  /** The organisation's channels by which approvers are told, none twice; absent: none. */
  readonly notify?: readonly Located<string>[];
  readonly assistants: ReadonlyMap<string, AssistantPolicy>;
  readonly recipients: RecipientsPolicy;
  readonly content: ContentPolicy;
  /** Absent: no attachments at all. */
  readonly attachments?: AttachmentsPolicy;
  readonly limits: LimitsPolicy;
  readonly sendAt: SendAtPolicy;
  readonly hours?: HoursPolicy;
  /** Absent: nothing is added to an email. */
  readonly compose?: ComposePolicy;
  /** Absent: nothing is required of it. */
  readonly require?: RequirePolicy;
  readonly overlap?: OverlapPolicy;
  readonly firstContact: Reaction;
  readonly afterOutsideMail?: AfterOutsideMailPolicy;
  /** Rules that only warn: rule name → `warn`. Rules not named here are enforced. */
  readonly rules: ReadonlyMap<string, "enforce" | "warn">;
  readonly exceptions: readonly PolicyException[];
  /** Groups, roles and holidays that the policy uses; absent: none. */
  readonly named?: readonly NamedList[];
  readonly source: PolicySource;
}

/** What a rule does about something it notices; `flag` asks a person to look at it. */
export type Reaction = "allow" | "flag" | "deny";

/** Where a team's policy came from. */
export interface PolicySource {
  readonly file: string;
  /** SHA-256 of the file's bytes, hexadecimal. */
  readonly hash: string;
  /** Places of its values. Use `whereOf` to look a path up. */
  readonly places: PlaceTable;
}

/** Somebody whom a policy names. */
export interface PolicyPerson {
  /** Canonical (`Address.key`). */
  readonly address: string;
  /** Where it holds: of somebody of a role, where the role is used. */
  readonly where: Where;
  /** The role that it was written in: its name as used (`role:finance-leads`), and where the entry itself is. */
  readonly role?: { readonly name: string; readonly where: Where };
}

/** How long a time is. */
export interface TimeSpan {
  readonly ms: number;
  /** As written: `48h`. */
  readonly text: string;
  readonly where: Where;
}

/** Whether whoever decides must say why: `always`, or if they reject, or `never`. */
export type ReasonWanted = "always" | "reject" | "never";

/** Who decides on email that is held, and in what time. */
export interface ApprovalPolicy {
  /** Nobody twice. Empty: nobody can decide in the console. */
  readonly by: readonly PolicyPerson[];
  /** How many different people of `by` must approve. */
  readonly needed: number;
  readonly reason: ReasonWanted;
  /** After so long, what nobody decided on is taken back. Absent: never. */
  readonly expires?: TimeSpan;
  /** After each of these, people are reminded. Absent: never. */
  readonly remind?: TimeSpan;
  /** Who may decide too after some time, as one of `by`; of no class. */
  readonly escalate?: { readonly after: TimeSpan; readonly to: readonly PolicyPerson[] };
  /** Email that needs more: each class that an email fits wants its own people, besides the above. */
  readonly classes: readonly ApprovalClass[];
  /** Where it is said how many, or who. */
  readonly where: Where;
}

/** Email that needs more approval than other email. */
export interface ApprovalClass {
  readonly when: ClassCondition;
  readonly needed: number;
  /** Its own people, or those of all email. */
  readonly by: readonly PolicyPerson[];
  readonly where: Where;
}

/** Which email a class is about: all that is there must fit, at least one thing is. */
export interface ClassCondition {
  /** Any of these is found in it. */
  readonly content?: readonly Located<ContentDetector>[];
  /** Any of its recipients is one of these. */
  readonly recipients?: readonly Located<AddressPattern>[];
  /** It has files. */
  readonly attachments?: true;
}

/** Somebody who decides in another's place for a while. */
export interface Delegation {
  readonly from: PolicyPerson;
  readonly to: PolicyPerson;
  /** The last day, as written: `2026-12-31`. */
  readonly until: string;
  /** Epoch milliseconds of the first instant after that day, in the time zone of the file's hours; without hours, in UTC. */
  readonly endsAt: number;
  readonly reason: string;
  readonly where: Where;
}

/** The team's mailbox at MultiMail. */
export interface MailboxPolicy {
  readonly id: string;
  /** Canonical (`Address.address`). */
  readonly address: string;
  /** Name of the environment variable that holds the API key; never a key. */
  readonly apiKeyEnv: string;
  /** Canonical addresses of the automatic copies that the policy knows about. */
  readonly autoCc?: string;
  readonly autoBcc?: string;
  /** The organisation's `mailboxes` has it. */
  readonly listed?: true;
}

/** One assistant of the team. */
export interface AssistantPolicy {
  readonly id: string;
  /** Agent's sId in Dust. */
  readonly dustAgent?: string;
  /** `sha256:<hex of the whole key>`; one, or two while rotating; none: the assistant cannot call. */
  readonly keys: readonly string[];
  readonly actions: ReadonlySet<ActionName>;
  /** Narrows the team's allow list; absent: not narrower. */
  readonly allow?: readonly Located<AddressPattern>[];
  readonly limits: LimitsPolicy;
  /** Instead of the team's; absent: the team's. */
  readonly hours?: HoursPolicy;
  /** Who may use it; absent: whoever has its key. */
  readonly users?: UsersPolicy;
  readonly where: Where;
}

/** The people who may use an assistant, each of whom signs in. One list that has them suffices. */
export interface UsersPolicy {
  readonly allow: readonly Located<AddressPattern>[];
  /** Values of the claim that lists a person's groups. */
  readonly claims: readonly Located<string>[];
  /** The assistant's own key must come besides. */
  readonly withKey: boolean;
  /** Accounts that stand for nobody, whatever else says that they may use it. */
  readonly shared: readonly Located<Address>[];
  readonly where: Where;
}

/** Who may be written to. */
export interface RecipientsPolicy {
  /** Domains of our own people. `subdomains` patterns come from `*.acme.example`. */
  readonly internal: readonly Located<AddressPattern>[];
  readonly external: "deny" | "require_approval" | "allow";
  /** Must be MultiMail's own allowlist, exactly: pattern texts in canonical form. Empty: MultiMail's must be empty. */
  readonly skipApproval: readonly Located<AddressPattern>[];
  /** Absent: anyone the other rules permit. Empty: nobody. */
  readonly allow?: readonly Located<AddressPattern>[];
  /** The team's and the organisation's, each with its own place. */
  readonly deny: readonly Located<AddressPattern>[];
  /** To + Cc + Bcc. */
  readonly maxPerEmail: number;
}

/** A named detector, or a pattern of the policy's own. */
export type ContentDetector =
  | { readonly kind: "builtin"; readonly name: BuiltinDetector }
  /** `pattern` in RE2 syntax, known to compile. */
  | { readonly kind: "pattern"; readonly name: string; readonly pattern: string };

/** The detectors that come with the product. */
export const BUILTIN_DETECTORS = [
  "credit_card",
  "iban",
  "us_ssn",
  "private_key",
  "api_key",
  "email_list",
] as const;

/** The name of a detector that comes with the product. */
export type BuiltinDetector = (typeof BUILTIN_DETECTORS)[number];

/** What an email may not say (`block`), or not without a person (`flag`). */
export interface ContentPolicy {
  readonly block: readonly Located<ContentDetector>[];
  readonly flag: readonly Located<ContentDetector>[];
  /** What happens to attachments that cannot be read. */
  readonly unscannable: Reaction;
}

/** Which files may go with an email. */
export interface AttachmentsPolicy {
  /** Media types, lower-case: `application/pdf`. */
  readonly allow: readonly Located<string>[];
  readonly maxCount: number;
  /** Of all attachments together, decoded. */
  readonly maxBytes: number;
}

/** `count` in any rolling `windowMs`. */
export interface RateLimit {
  readonly count: number;
  readonly windowMs: number;
  readonly text: string;
  readonly where: Where;
}

/** Limits on emails accepted. The tightest of the team's, the assistant's and the organisation's all count. */
export interface LimitsPolicy {
  readonly perAssistant: readonly RateLimit[];
  readonly perRecipient: readonly RateLimit[];
  readonly perDomain: readonly RateLimit[];
  /** Of one person who asks; without one, nothing may leave. */
  readonly perUser: readonly RateLimit[];
  readonly team: readonly RateLimit[];
}

/** How far ahead email may be scheduled. */
export interface SendAtPolicy {
  readonly atMostMs: number;
  /** As written: `30d`. */
  readonly text: string;
}

/** When email may leave. */
export interface HoursPolicy {
  readonly windows: readonly HoursWindow[];
  /** IANA time zone. */
  readonly timezone: string;
  /** No window begins on their days. */
  readonly holidays: readonly HolidayList[];
  readonly outside: "schedule" | "deny";
  /** Where that is said, or the hours. */
  readonly outsideAt: Where;
  /** The organisation's hours: email leaves only in both. Absent: these are the organisation's, or it has none. */
  readonly within?: HoursPolicy;
  readonly where: Where;
}

/** A part of a day in which email may leave. It belongs to the day on which it begins. */
export interface HoursWindow {
  /** ISO weekdays, 1 Monday to 7 Sunday. */
  readonly days: ReadonlySet<number>;
  /** Minutes from the midnight with which the day begins, `from` < `to`; beyond 1440 it is the next day. */
  readonly from: number;
  readonly to: number;
}

/** A list of holidays that hours use. */
export interface HolidayList {
  readonly name: string;
  /** `2026-12-25`; each is one in the time zone of the hours. */
  readonly days: ReadonlySet<string>;
  /** Where the list is defined. */
  readonly where: Where;
}

/** What every email of the team gets before it is judged. */
export interface ComposePolicy {
  /** Before the subject of an email that is no reply, its space at the end included. */
  readonly subjectPrefix?: Located<string>;
  /** Markdown below the text: the team's, then the organisation's. */
  readonly footers: readonly Located<string>[];
  /** Each address once, and never the mailbox's own: the team's, then the organisation's. */
  readonly copies: readonly ComposedCopy[];
}

/** Somebody who gets a copy of every email. */
export interface ComposedCopy {
  readonly field: "cc" | "bcc";
  readonly address: Address;
  readonly where: Where;
}

/** What every email must say. */
export interface RequirePolicy {
  /** Not of replies, whose subject MultiMail writes. */
  readonly subject?: RequiredText;
  readonly body?: RequiredText;
}

/** A pattern that must be found in a text. */
export interface RequiredText {
  /** In RE2 syntax, known to compile. */
  readonly pattern: string;
  /** What is wanted, in words for assistants, who are then not shown the pattern. */
  readonly wanted?: string;
  readonly where: Where;
}

/** What to do about two assistants' email on the same thing. */
export interface OverlapPolicy {
  readonly windowMs: number;
  /** 0 to 1. */
  readonly similarity: number;
  readonly action: Reaction;
}

/** After outside mail was read, new outside recipients need a person for a while. */
export interface AfterOutsideMailPolicy {
  readonly windowMs: number;
  readonly newExternal: "allow" | "require_approval" | "deny";
  /**
   * Which received email counts: `outside`, what does not come from an internal address, as far as its From tells, or
   * `all`, since MultiMail does not tell whether a From is true.
   */
  readonly inbound: "outside" | "all";
}

/** Lifts one rule for some assistants and recipients until a day. */
export interface PolicyException {
  readonly rule: string;
  /** Absent: every assistant of the team. */
  readonly assistants?: ReadonlySet<string>;
  /** Absent: every recipient. */
  readonly recipients?: readonly Located<AddressPattern>[];
  readonly reason: string;
  readonly owner: string;
  /** The last day on which it holds, as written: `2026-12-31`. */
  readonly expires: string;
  /** The first day on which it holds, as written; absent: it holds at once. */
  readonly from?: string;
  /** Epoch milliseconds of that day's first instant, in the same time zone as `expiresAt`. */
  readonly fromAt?: number;
  /** Epoch milliseconds of the first instant after that day, in the time zone of the team's hours; without hours, in UTC. */
  readonly expiresAt: number;
  readonly where: Where;
}

/**
 * The place that wrote the value at `path` (`recipients.deny[0]`); for what was not written, the nearest map around it.
 * What a team takes over from the organisation is in the organisation's file.
 */
export function whereOf({ source }: Pick<TeamPolicy, "source">, path: string): Where {
  const { file, places } = source;
  const get = (known: string): Where | undefined => placeAt(places, known, file);
  return nearestPlace({ get }, path) ?? { file, line: 1, column: 1 };
}
