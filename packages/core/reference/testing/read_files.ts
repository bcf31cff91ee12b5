import { parse } from "yaml";
import { type AddressPattern, parseAddress, parseAddressPattern } from "../../address/mod.ts";
import type { ContentDetector, PolicyFile } from "../../policy/mod.ts";
import type { HoursText } from "./hours_text.ts";

/** What a team's file says by its own words, read without the code that links policies. */
export interface TeamText {
  readonly approvers: readonly string[];
  readonly approval: ApprovalText;
  readonly allow?: readonly AddressPattern[];
  readonly deny: readonly AddressPattern[];
  /** By id. */
  readonly assistants: ReadonlyMap<string, AssistantText>;
  /** The team's and the organisation's, each of which holds. */
  readonly limits: readonly LimitsText[];
  /** In which exceptions begin and end. */
  readonly timezone: string;
  /** The organisation's hours, which bound all others. */
  readonly bound?: HoursText;
  /** How far ahead email may be scheduled. */
  readonly atMostMs: number;
  readonly compose: ComposeText;
  /** Patterns. */
  readonly require: { readonly subject?: string; readonly body?: string };
  /** In the order of the file. */
  readonly exceptions: readonly ExceptionText[];
}

/** `approval:`, with what the organisation wants. */
export interface ApprovalText {
  readonly needed: number;
  readonly reason: string;
  readonly expires?: string;
  readonly classes: readonly ApprovalClassText[];
}

/** One of `approval.classes:`. */
export interface ApprovalClassText {
  readonly content?: readonly ContentDetector[];
  readonly recipients?: readonly AddressPattern[];
  readonly attachments: boolean;
  readonly needed: number;
  readonly by: readonly string[];
}

/** `compose:`, the organisation's with it. */
export interface ComposeText {
  readonly prefix: string;
  readonly footers: readonly string[];
  readonly copies: readonly { readonly field: "cc" | "bcc"; readonly key: string }[];
}

/** One of `assistants:`. */
export interface AssistantText {
  readonly allow?: readonly AddressPattern[];
  readonly limits: LimitsText;
  /** Who may use it; absent: whoever has its key. */
  readonly users?: UsersText;
  /** When its email may leave: its own hours, or the team's, or the organisation's. Absent: always. */
  readonly hours?: HoursText;
}

/** `users:` with `sign_in: required`. */
export interface UsersText {
  readonly allow: readonly AddressPattern[];
  readonly claims: readonly string[];
  readonly withKey: boolean;
  /** Addresses. */
  readonly shared: readonly string[];
}

/** One of `exceptions:`. */
export interface ExceptionText {
  readonly rule: string;
  readonly assistants?: readonly string[];
  readonly recipients?: readonly AddressPattern[];
  /** Days: `2026-12-31`. */
  readonly from?: string;
  readonly expires: string;
}

/** `limits:` of a file: `5/week`. */
export type LimitsText = Readonly<
  Partial<Record<"per_assistant" | "per_recipient" | "per_domain" | "per_user" | "team", string>>
>;

/** A file as YAML gives it; the generated ones have no problem. */
// biome-ignore lint/suspicious/noExplicitAny: the reference trusts the files, which the code under test has checked
type Raw = any;

const known = new WeakMap<readonly PolicyFile[], ReadonlyMap<string, TeamText>>();

/** What each team's file says, with the organisation's. */
export function readFiles(files: readonly PolicyFile[]): ReadonlyMap<string, TeamText> {
  const read = known.get(files) ?? readAll(files);
  known.set(files, read);
  return read;
}

function readAll(files: readonly PolicyFile[]): ReadonlyMap<string, TeamText> {
  const raw = new Map<string, Raw>(
    files.map(({ name, bytes }) => [name, parse(new TextDecoder().decode(bytes)) ?? {}]),
  );
  const organisation = raw.get("_organisation.yaml") ?? {};
  raw.delete("_organisation.yaml");
  return new Map([...raw.values()].map((team) => [team.team, readTeam(team, organisation)]));
}

function readTeam(team: Raw, organisation: Raw): TeamText {
  const lists = { ...organisation.groups, ...team.groups };
  const list = (entries: Raw) => patternsOf(entries, lists);
  const bound = organisation.hours && hoursOf(organisation.hours, organisation);
  const hours = team.hours ? hoursOf(team.hours, organisation) : bound;
  const people = (entries: Raw) => [...new Set(peopleOf(entries ?? [], organisation.roles ?? {}))];
  // "stays as the short form of `approval.by`"
  const approvers = people(team.approval?.by ?? team.approvers);
  return {
    approvers,
    approval: {
      needed: team.approval?.needed ?? organisation.approval?.needed ?? 1,
      // "reject (default)", "always" where the organisation wants it.
      reason: organisation.approval?.reason === "always" ? "always" : (team.approval?.reason ?? "reject"),
      expires: team.approval?.expires ?? organisation.approval?.expires,
      classes: (team.approval?.classes ?? []).map(({ when, needed, by }: Raw) => ({
        ...(when.content && { content: when.content.map(detectorOf) }),
        ...(when.recipients && { recipients: list(when.recipients) }),
        attachments: when.attachments === true,
        needed: needed ?? 1,
        by: by === undefined ? approvers : people(by),
      })),
    },
    ...(team.recipients?.allow && { allow: list(team.recipients.allow) }),
    deny: [...list(team.recipients?.deny), ...list(organisation.recipients?.deny)],
    assistants: new Map(
      team.assistants.map((one: Raw) => [
        one.id,
        {
          limits: one.limits ?? {},
          ...(one.users?.sign_in === "required" && {
            users: {
              allow: list(one.users.allow),
              claims: one.users.claims ?? [],
              withKey: one.users.with_key ?? true,
              shared: one.users.shared ?? [],
            },
          }),
          ...(one.recipients?.allow && { allow: list(one.recipients.allow) }),
          ...((one.hours || hours) && {
            hours: one.hours ? hoursOf({ outside: team.hours?.outside, ...one.hours }, organisation) : hours,
          }),
        },
      ]),
    ),
    limits: [team.limits ?? {}, organisation.limits ?? {}],
    timezone: team.hours?.timezone ?? "UTC",
    ...(bound && { bound }),
    atMostMs: durationOf(organisation.send_at?.at_most ?? "30d"),
    compose: composeOf(team, organisation),
    require: {
      ...(team.require?.subject && { subject: patternOf(team.require.subject) }),
      ...(team.require?.body && { body: patternOf(team.require.body) }),
    },
    exceptions: (team.exceptions ?? []).map((one: Raw) => ({
      rule: one.rule,
      expires: one.expires,
      ...(one.from && { from: one.from }),
      ...(one.assistants && { assistants: one.assistants }),
      ...(one.recipients && { recipients: list(one.recipients) }),
    })),
  };
}

/** "windows: [{ days, from, to }]" — "the old short form of `hours` stays" — "holidays: [fr]" — "outside: schedule | deny" */
function hoursOf(
  { timezone, windows, days, from, to, holidays = [], outside }: Raw,
  organisation: Raw,
): HoursText {
  return {
    timezone,
    windows: windows ?? [{ days, from, to }],
    closed: holidays.flatMap((name: string) => organisation.holidays[name]),
    outside: outside ?? "deny",
  };
}

/** `30m`, `24h`, `7d` */
function durationOf(text: string): number {
  const units: Raw = { m: 60_000, h: 3_600_000, d: 86_400_000 };
  return Number.parseInt(text, 10) * units[text.slice(-1)];
}

/** "The organisation may bound … `compose` (a footer that no team may drop)" */
function composeOf(team: Raw, organisation: Raw): ComposeText {
  const both = [team.compose ?? {}, organisation.compose ?? {}];
  const [own] = peopleOf([team.mailbox.address], {});
  const copies = (["cc", "bcc"] as const).flatMap((field) =>
    both.flatMap((compose) => peopleOf(compose[field] ?? [], {}).map((key) => ({ field, key }))),
  );
  return {
    prefix: team.compose?.subject_prefix ?? "",
    footers: both.flatMap(({ footer }) => (footer ? [footer.trim()] : [])),
    copies: copies.filter(
      ({ key }, index) => key !== own && copies.findIndex((one) => one.key === key) === index,
    ),
  };
}

function detectorOf(detector: Raw): ContentDetector {
  return typeof detector === "string"
    ? ({ kind: "builtin", name: detector } as ContentDetector)
    : { kind: "pattern", ...detector };
}

function patternOf(required: Raw): string {
  return typeof required === "string" ? required : required.pattern;
}

/** "`group:suppliers` wherever a list of recipients stands … groups in groups" */
function patternsOf(entries: readonly string[] = [], lists: Raw): readonly AddressPattern[] {
  return entries.flatMap((entry) => {
    if (entry.startsWith("group:")) return patternsOf(lists[entry.slice("group:".length)], lists);
    const parsed = parseAddressPattern(entry);
    if (!parsed.ok) throw new Error(`No pattern: ${entry}`);
    return [parsed.pattern];
  });
}

/** "`role:finance-leads` wherever people stand" */
function peopleOf(entries: readonly string[], roles: Raw): readonly string[] {
  const people = entries.flatMap((entry) => (entry.startsWith("role:") ? roles[entry.slice(5)] : [entry]));
  return people.map((text) => {
    const parsed = parseAddress(text);
    if (!parsed.ok) throw new Error(`No address: ${text}`);
    return parsed.address.key;
  });
}
