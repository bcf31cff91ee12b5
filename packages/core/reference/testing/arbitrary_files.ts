import fc from "fast-check";
import { stringify } from "yaml";
import { ACTION_NAMES } from "../../action/mod.ts";
import { BUILTIN_DETECTORS, OVERSIGHT_MODES, type PolicyFile, RULE_NAMES } from "../../policy/mod.ts";
import { addressPattern, allowlistPattern, plainAddress } from "./arbitrary_address.ts";
import { sometimes } from "./sometimes.ts";

const EXTERNAL = ["deny", "require_approval", "allow"] as const;
const UNSCANNABLE = ["deny", "flag", "allow"] as const;
const VERDICTS = ["allow", "flag", "deny"] as const;
/** Two of one name: a team and its organisation need not know of each other. */
const CODENAMES = [
  { name: "codename", pattern: "(?i)project\\s+falcon" },
  { name: "codename", pattern: "(?i)quarter is overdue" },
];
const OPTIONAL_RULES = Object.entries(RULE_NAMES)
  .filter(([, { optional }]) => optional)
  .map(([name]) => name);
const MEDIA_TYPES = ["text/plain", "text/csv", "application/pdf"];

/** Zones with summer time of an hour and of half an hour, in both halves of the earth, and without. */
const ZONES = ["Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"];

const detectors = fc.uniqueArray(fc.constantFrom(...BUILTIN_DETECTORS, ...CODENAMES), {
  minLength: 1,
  maxLength: 3,
});
const rate = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.constantFrom("minute", "hour", "day", "week"))
  .map(([count, window]) => `${count}/${window}`);
const limits = fc.record({
  per_assistant: sometimes(40, rate),
  per_recipient: sometimes(40, rate),
  per_domain: sometimes(40, rate),
  per_user: sometimes(15, rate),
  team: sometimes(40, rate),
});
/** An entry of a list of recipients, sometimes a group's name; names that a file does not know are taken out again. */
const entry = fc.oneof(
  { weight: 8, arbitrary: addressPattern },
  { weight: 1, arbitrary: fc.constantFrom("group:own", "group:nested", "group:shared", "group:wide") },
);
const patterns = fc.array(entry, { maxLength: 5 });
const manyPatterns = fc.array(entry, { maxLength: 16, size: "max" });
/** Two groups, the second of which holds the first. */
const pair = <A extends string, B extends string>(inner: A, outer: B) =>
  fc
    .tuple(
      fc.array(addressPattern, { minLength: 1, maxLength: 6 }),
      fc.array(addressPattern, { minLength: 1, maxLength: 3 }),
    )
    .map(([some, more]) => ({ [inner]: some, [outer]: [...more.slice(1), `group:${inner}`, ...more] }));
const internal = fc.subarray(["acme.example", "*.acme.example", "hr.acme.example"]);
const duration = fc.constantFrom("1m", "30m", "1h", "24h");

const recipients = fc.record({
  internal: sometimes(60, internal),
  external: sometimes(80, fc.constantFrom(...EXTERNAL, "allow", "require_approval", "allow")),
  skip_approval: sometimes(40, fc.array(allowlistPattern, { maxLength: 4 })),
  allow: sometimes(25, manyPatterns),
  deny: sometimes(20, patterns),
  max_per_email: sometimes(30, fc.integer({ min: 1, max: 4 })),
});

/** Who may use an assistant, as addresses and groups that the questions' people have too. */
export const USERS: readonly string[] = [
  ...["ana@acme.example", "ana+inv@acme.example", "bob@hr.acme.example", "bot@acme.example"],
];
/** Groups of people. */
export const CLAIMS: readonly string[] = ["sales", "Sales", "finance leads"];
const users = fc
  .record({
    isRequired: fc.constantFrom(true, true, true, false),
    allow: sometimes(
      70,
      fc.array(fc.constantFrom(...USERS, "*@acme.example", "*@*.acme.example", "group:own", "group:wide"), {
        minLength: 1,
        maxLength: 3,
      }),
    ),
    claims: sometimes(50, fc.subarray([...CLAIMS], { minLength: 1 })),
    with_key: sometimes(50, fc.boolean()),
    shared: sometimes(40, fc.subarray(["bot@acme.example", "Ana+x@acme.example"], { minLength: 1 })),
  })
  .map(({ isRequired, allow, claims, with_key, shared }) => {
    if (!isRequired) return { sign_in: "none" };
    // A group that a file does not know is taken out again, and so are accounts that are shared and allowed.
    const named = allow?.filter(
      (one) => shared === undefined || !/^(?:bot|ana(?:\+\w+)?)@acme|^group:/.test(one),
    );
    return { sign_in: "required", allow: named, claims, with_key, shared };
  });

const days = fc.constantFrom("mon-fri", "sun-thu", "sat, sun", "wed", "mon-sun");
const TIMES = [
  "00:00-02:30",
  "01:30-02:15",
  "02:00-24:00",
  "02:15-03:00",
  "02:30-02:45",
  "08:00-18:00",
  "00:00-24:00",
  "23:00-23:59",
];
const OVER_MIDNIGHT = ["22:00-02:30", "18:00-00:00", "23:30-08:00", "02:30-02:15"];
const from = (fromTo: string) => ({ from: fromTo.slice(0, 5), to: fromTo.slice(6) });
const windows = fc.array(
  fc
    .record({ days, fromTo: fc.constantFrom(...TIMES, ...OVER_MIDNIGHT, ...OVER_MIDNIGHT) })
    .map(({ days, fromTo }) => ({ days, ...from(fromTo) })),
  { minLength: 1, maxLength: 3 },
);
const shortForm = fc
  .record({ days, fromTo: fc.constantFrom(...TIMES) })
  .map(({ days, fromTo }) => ({ days, ...from(fromTo) }));

/** Windows or the short form; names of holidays that a file does not know are taken out again. */
const hours = fc
  .record({
    when: fc.oneof(
      shortForm,
      windows.map((windows) => ({ windows })),
    ),
    timezone: fc.constantFrom(...ZONES),
    holidays: sometimes(60, fc.subarray(["fr", "de"])),
    outside: sometimes(70, fc.constantFrom("schedule", "deny")),
  })
  .map(({ when, ...rest }) => ({ ...rest, ...when }));
/** Bounds others by its holidays alone, whose days begin and end at other times in other zones. */
const allWeekButHolidays: typeof hours = fc.constantFrom(...ZONES).map((timezone) => ({
  ...{ timezone, holidays: ["fr", "de"], outside: undefined },
  ...{ days: "mon-sun", from: "00:00", to: "24:00" },
}));
type Hours = typeof hours extends fc.Arbitrary<infer T> ? T : never;

/** An expiry is counted in days from the world's today. */
const exception = fc.record({
  rule: fc.constantFrom(...OPTIONAL_RULES, "overlap", "overlap", "overlap"),
  assistants: sometimes(20, fc.subarray([0, 1, 2], { minLength: 1 })),
  recipients: sometimes(70, fc.array(fc.oneof(entry, plainAddress), { minLength: 1, maxLength: 4 })),
  from: sometimes(40, fc.integer({ min: -2, max: 1 })),
  expires: fc.integer({ min: -2, max: 2 }),
});

const content = fc.record({
  block: sometimes(50, detectors),
  flag: sometimes(50, detectors),
  unscannable: sometimes(40, fc.constantFrom(...UNSCANNABLE)),
});

/** What people may see of every email, and one that no email may hold. */
const FOOTERS = ["Acme SA, registered in Paris", "**Acme**  \nRue de Lyon", "Card 4111 1111 1111 1111"];
const COPIES = ["archive@acme.example", "Records@hr.acme.example", "ana@client.example", "x@rival.example"];

const composed = fc
  .record({
    footer: sometimes(70, fc.constantFrom(...FOOTERS, ...FOOTERS.slice(0, 2), ...FOOTERS.slice(0, 2))),
    copies: fc.subarray(COPIES, { maxLength: 2 }),
    cc: fc.boolean(),
  })
  .map(({ copies, cc, footer }) => ({
    footer,
    cc: cc ? copies.slice(0, 1) : undefined,
    bcc: cc ? copies.slice(1) : copies,
  }));
const compose = fc
  .tuple(sometimes(70, fc.constantFrom("[Acme] ", "[acme  Support]", "HR ")), composed)
  .map(([subject_prefix, rest]) => ({ subject_prefix, ...rest }));

const required = (patterns: readonly string[]) =>
  fc.oneof(
    fc.constantFrom(...patterns),
    fc.constantFrom(...patterns).map((pattern) => ({ pattern, wanted: "what was agreed on" })),
  );
const require = fc.record({
  subject: sometimes(60, required(["(?i)acme", "^Workshop", "[Hh]ello"])),
  body: sometimes(60, required(["(?i)please|kindly", "registered in", "\\S"])),
});

const DECIDERS = ["lead@acme.example", "cfo@acme.example", "Boss@acme.example"];

/** What a class is about: one thing at least. */
const condition = fc
  .record({
    content: sometimes(50, detectors),
    recipients: sometimes(
      50,
      patterns.map((list) => ["*@client.example", "*@acme.example", ...list]),
    ),
    attachments: sometimes(25, fc.constant(true)),
  })
  .map((when) => (Object.values(when).some(Boolean) ? when : { ...when, recipients: ["*@bank.example"] }));

/** People whom each list names by themselves are enough for what it wants; roles come on top. */
const approval = fc.record({
  by: fc.constantFrom(DECIDERS, ["role:leads", ...DECIDERS.slice(0, 2)], DECIDERS.slice(1)),
  needed: sometimes(50, fc.constantFrom(1, 2)),
  reason: sometimes(50, fc.constantFrom("always", "reject")),
  expires: sometimes(40, fc.constantFrom("2h", "24h")),
  classes: sometimes(
    90,
    fc.array(
      fc.oneof(
        fc.record({ when: condition, needed: fc.constantFrom(1, 2) }),
        fc.record({
          when: condition,
          needed: sometimes(50, fc.constantFrom(1, 2)),
          by: fc.constantFrom(DECIDERS, ["coo@acme.example", "role:leads", "cfo@acme.example"]),
        }),
      ),
      { maxLength: 3 },
    ),
  ),
});

const team = fc.record({
  oversight: sometimes(
    85,
    fc.constantFrom(...OVERSIGHT_MODES, ...OVERSIGHT_MODES.slice(1), "gated_send", "autonomous"),
  ),
  autoCc: sometimes(15, fc.constant("Archive@acme.example")),
  autoBcc: sometimes(15, fc.constant("journal@acme.example")),
  assistants: fc.array(
    fc.record({
      actions: sometimes(40, fc.subarray([...ACTION_NAMES], { minLength: 4 })),
      recipients: sometimes(20, fc.record({ allow: sometimes(90, manyPatterns) })),
      limits: sometimes(
        15,
        limits.map(({ team, ...rest }) => rest),
      ),
      hours: sometimes(12, hours),
      users: sometimes(20, users),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  groups: sometimes(60, pair("own", "nested")),
  approvers: fc.constantFrom(["lead@acme.example"], ["role:leads", "lead@acme.example"]) as fc.Arbitrary<
    readonly string[] | undefined
  >,
  approval: sometimes(70, approval),
  recipients: sometimes(90, recipients),
  content: sometimes(40, content),
  attachments: sometimes(
    60,
    fc.record({
      allow: fc.subarray(MEDIA_TYPES),
      max_count: sometimes(40, fc.integer({ min: 1, max: 3 })),
      max_bytes: sometimes(40, fc.constantFrom("1KB", "2KB")),
    }),
  ),
  limits: sometimes(30, limits),
  hours: sometimes(25, hours),
  compose: sometimes(40, compose),
  require: sometimes(20, require),
  overlap: sometimes(
    40,
    fc.record({
      window: sometimes(70, duration),
      similarity: sometimes(70, fc.constantFrom(0, 0.3, 0.6, 0.9, 1)),
      action: sometimes(80, fc.constantFrom(...VERDICTS)),
    }),
  ),
  first_contact: sometimes(40, fc.constantFrom(...VERDICTS)),
  after_outside_mail: sometimes(
    40,
    fc.record({
      window: sometimes(70, duration),
      new_external: sometimes(70, fc.constantFrom(...EXTERNAL)),
      inbound: sometimes(50, fc.constantFrom("outside", "all")),
    }),
  ),
  rules: sometimes(30, fc.dictionary(fc.constantFrom(...OPTIONAL_RULES), fc.constantFrom("warn", "enforce"))),
  exceptions: sometimes(40, fc.array(exception, { maxLength: 3 })),
});
type Team = typeof team extends fc.Arbitrary<infer T> ? T : never;

/** Days counted from the world's today. */
const holidays = fc.uniqueArray(fc.integer({ min: -2, max: 3 }), { minLength: 1, maxLength: 3 });

const organisation = fc.record({
  groups: sometimes(80, pair("shared", "wide")),
  roles: sometimes(80, fc.constant({ leads: ["Boss@acme.example", "deputy@acme.example"] })),
  holidays: sometimes(80, fc.record({ fr: holidays, de: holidays })),
  hours: sometimes(30, fc.oneof(hours, allWeekButHolidays)),
  internal: sometimes(60, fc.constant(["acme.example", "*.acme.example"])),
  oversight: sometimes(50, fc.record({ most_permissive: fc.constantFrom(...OVERSIGHT_MODES) })),
  recipients: sometimes(
    60,
    fc.record({ deny: sometimes(50, patterns), external: sometimes(50, fc.constantFrom(...EXTERNAL)) }),
  ),
  content: sometimes(30, content),
  attachments: sometimes(
    30,
    fc.record({
      allow: sometimes(50, fc.constant(MEDIA_TYPES)),
      max_count: sometimes(50, fc.constant(3)),
      max_bytes: sometimes(50, fc.constant("2KB")),
    }),
  ),
  limits: sometimes(
    30,
    fc.constantFrom(
      { team: "5/minute", per_recipient: "5/minute" },
      { team: "5/week", per_domain: "5/minute" },
      { per_user: "5/minute" },
    ),
  ),
  compose: sometimes(30, composed),
  // Some are as long as hours are closed.
  send_at: sometimes(
    40,
    fc.record({ at_most: fc.constantFrom("30m", "2h", "14h", "1080m", "1d", "2d", "30d", "60d") }),
  ),
  mailboxes: sometimes(30, fc.constant({ finance: mailboxOf("finance"), support: mailboxOf("support") })),
  approvers_domain: sometimes(50, fc.constant("acme.example")),
  approval: sometimes(
    30,
    fc.record({
      needed: sometimes(50, fc.constantFrom(1, 2)),
      reason: sometimes(50, fc.constantFrom("always", "reject", "never")),
      expires: sometimes(50, fc.constantFrom("24h", "7d")),
    }),
  ),
});
type Organisation = typeof organisation extends fc.Arbitrary<infer T> ? T : never;

/**
 * Team files, and often an organisation's, all of them valid: two teams, `finance` and `support`. Exceptions expire around
 * `today`, midnight in UTC as epoch milliseconds.
 */
export function policyFiles(today: number): fc.Arbitrary<readonly PolicyFile[]> {
  return fc
    .record({ teams: fc.tuple(team, team), organisation: sometimes(50, organisation) })
    .map(({ teams, organisation }) => ({
      teams,
      organisation: organisation && namingKnown(organisation, organisation),
    }))
    .map(({ teams: [finance, support], organisation }) => [
      yamlFile("finance", teamFile("finance", within(finance, organisation), today)),
      yamlFile("support", teamFile("support", within(support, organisation), today)),
      ...(organisation ? [yamlFile("_organisation", organisationFile(organisation, today))] : []),
    ]);
}

function yamlFile(name: string, content: unknown): PolicyFile {
  return {
    name: `${name}.yaml`,
    file: `teams/${name}.yaml`,
    bytes: new TextEncoder().encode(stringify(content, { aliasDuplicateObjects: false })),
  };
}

function organisationFile(organisation: Organisation, today: number): unknown {
  const { holidays, ...rest } = organisation;
  const daysOf = (days: readonly number[]) => days.map((day) => dayAt(today, day));
  return { ...rest, holidays: holidays && { fr: daysOf(holidays.fr), de: daysOf(holidays.de) } };
}

function mailboxOf(name: string): { readonly id: string; readonly address: string } {
  return { id: `01MAILBOX${name}`, address: `Team-${name}@Acme.multimail.dev` };
}

function dayAt(today: number, days: number): string {
  return new Date(today + days * 86_400_000).toISOString().slice(0, 10);
}

function teamFile(
  name: string,
  { autoCc, autoBcc, assistants, exceptions, ...rest }: Team,
  today: number,
): unknown {
  return {
    team: name,
    mailbox: { ...mailboxOf(name), auto_cc: autoCc, auto_bcc: autoBcc },
    ...rest,
    assistants: assistants.map((assistant, index) => ({ id: `${name}-${index}`, ...withNamed(assistant) })),
    exceptions: exceptions?.map(({ assistants: indices, from, expires, ...exception }) => ({
      ...exception,
      assistants: indices?.filter((index) => index < assistants.length).map((index) => `${name}-${index}`),
      reason: "FIN-212",
      owner: "lead@acme.example",
      from: from === undefined ? undefined : dayAt(today, Math.min(from, expires)),
      expires: dayAt(today, expires),
    })),
  };
}

/** An assistant whose `users` name somebody, after groups that are not known were taken out, and which counts by person if they do. */
function withNamed({ users, limits, ...rest }: Team["assistants"][number]): object {
  const { per_user, ...others } = limits ?? {};
  if (users === undefined || !("claims" in users))
    return { ...rest, ...(users && { users }), ...(limits && { limits: others }) };
  const { allow = [], claims, ...how } = users;
  const isEmpty = allow.length === 0;
  const named = { allow: isEmpty ? undefined : allow, claims: isEmpty ? (claims ?? ["sales"]) : claims };
  return { ...rest, limits, users: { ...how, ...named } };
}

/** The same team, stricter where it would loosen the organisation's bounds. */
function within(team: Team, organisation: Organisation | undefined): Team {
  const bounds: Partial<Organisation> = organisation ?? {};
  const known = namingKnown(team, {
    groups: { ...bounds.groups, ...team.groups },
    roles: bounds.roles,
    holidays: bounds.holidays,
  });
  return boundBy(known, bounds);
}

/** A copy of a file's content in which every `group:`, `role:` and list of holidays is one of those given. */
function namingKnown<T>(
  content: T,
  known: { readonly [kind in "groups" | "roles" | "holidays"]?: object | undefined },
): T {
  const isKnown = (entry: unknown): boolean => {
    const [, kind = "", name = ""] = (typeof entry === "string" && /^(group|role):(.*)$/.exec(entry)) || [];
    return kind === "" || Object.hasOwn((kind === "group" ? known.groups : known.roles) ?? {}, name);
  };
  const copy = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.filter(isKnown).map(copy);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([key, inner]) => key !== "holidays" || !Array.isArray(inner) || known.holidays !== undefined)
        .map(([key, inner]) => [key, copy(inner)]),
    );
  };
  return copy(content) as T;
}

function boundBy(team: Team, bounds: Partial<Organisation>): Team {
  const oversight = strictest(
    OVERSIGHT_MODES,
    team.oversight ?? "gated_send",
    bounds.oversight?.most_permissive,
  );
  const external = bounds.recipients?.external ?? "allow";
  const hasNobodyInside = external !== "allow" && bounds.internal === undefined;
  const isBound = (rule: string) => Object.hasOwn(boundRules(bounds), rule);
  return {
    ...team,
    ...approvalWithin(team, bounds, oversight === "gated_all" || oversight === "gated_send"),
    assistants: team.assistants.map((one) => ({ ...one, hours: hoursWithin(one.hours, bounds.hours) })),
    hours: hoursWithin(team.hours, bounds.hours),
    oversight: team.oversight && oversight,
    recipients: team.recipients && {
      ...team.recipients,
      external:
        team.recipients.external &&
        strictest(EXTERNAL, team.recipients.external, bounds.recipients?.external),
      internal: hasNobodyInside ? undefined : team.recipients.internal,
      skip_approval: oversight === "gated_send" ? team.recipients.skip_approval : undefined,
    },
    content: team.content && {
      ...team.content,
      unscannable:
        team.content.unscannable &&
        strictest(UNSCANNABLE, team.content.unscannable, bounds.content?.unscannable),
    },
    rules: team.rules && Object.fromEntries(Object.entries(team.rules).filter(([rule]) => !isBound(rule))),
    exceptions: team.exceptions?.filter(({ rule }) => !isBound(rule)),
  };
}

/** Approval as strict as the bound; no classes where nothing is held, and nobody named twice. */
function approvalWithin(
  { approval, approvers }: Team,
  { approval: bound }: Partial<Organisation>,
  isGated: boolean,
): Pick<Team, "approval" | "approvers"> {
  if (approval === undefined && bound?.needed !== 2) return { approval, approvers };
  const own = approval ?? {
    ...{ by: DECIDERS, needed: undefined, reason: undefined, expires: undefined, classes: undefined },
  };
  const needed = own.needed && (bound?.needed ?? own.needed);
  return {
    approvers: undefined,
    approval: {
      ...own,
      needed,
      reason: own.reason && bound?.reason === "always" ? "always" : own.reason,
      expires: bound?.expires === "24h" || own.expires === "2h" ? own.expires : undefined,
      classes: isGated ? own.classes : undefined,
    },
  };
}

/** Hours that are surely within the bound, if there is one: half of its windows' hours, or none of its own. */
function hoursWithin(hours: Hours | undefined, bound: Hours | undefined): Hours | undefined {
  if (hours === undefined || bound === undefined) return hours;
  const holidays = [...new Set([...(bound.holidays ?? []), ...(hours.holidays ?? [])])];
  const closed = { ...(holidays.length > 0 && { holidays }), outside: hours.outside };
  // Where the bound is all of the week, its holidays alone make a difference, whose days are others in another zone.
  if ("days" in bound && bound.days === "mon-sun" && bound.from === "00:00" && bound.to === "24:00")
    return { ...hours, ...closed, holidays: holidays.length > 0 ? holidays : undefined };
  const { outside, ...narrow } = bound;
  if ("windows" in narrow && narrow.windows.length > 1)
    return { ...narrow, windows: narrow.windows.slice(0, -1), ...closed } as Hours;
  return { ...narrow, ...closed } as Hours;
}

function strictest<T>(order: readonly T[], value: T, bound: T | undefined): T {
  return bound !== undefined && order.indexOf(bound) < order.indexOf(value) ? bound : value;
}

/** Rules that an organisation's bounds protect from warnings and exceptions. */
function boundRules({
  recipients,
  content,
  attachments,
  limits,
  hours,
}: Partial<Organisation>): Record<string, true> {
  return {
    ...(recipients?.external && { "recipients.external": true }),
    ...(content?.block && { "content.block": true }),
    ...(content?.flag && { "content.flag": true }),
    ...(content?.unscannable && { "content.unscannable": true }),
    ...(attachments && { attachments: true }),
    ...(limits && { limits: true }),
    ...(hours && { hours: true }),
  };
}
