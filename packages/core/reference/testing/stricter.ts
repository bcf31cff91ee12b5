import fc from "fast-check";
import { ACTION_NAMES, type ActionName } from "../../action/mod.ts";
import { type Address, type AddressPattern, parseAddress, parseAddressPattern } from "../../address/mod.ts";
import {
  type AssistantPolicy,
  BUILTIN_DETECTORS,
  type ContentDetector,
  type HoursPolicy,
  type LimitsPolicy,
  type Located,
  OVERSIGHT_MODES,
  type Reaction,
  type TeamPolicy,
  type UsersPolicy,
} from "../../policy/mod.ts";
import { addressPattern, plainAddress } from "./arbitrary_address.ts";
import { sometimes } from "./sometimes.ts";

/** Makes a team's policy stricter, or leaves it as it is. */
export type Change = (policy: TeamPolicy) => TeamPolicy;

const WHERE = { file: "teams/changed.yaml", line: 1, column: 1 };
const DAY_MS = 86_400_000;
const EXTERNAL = ["deny", "require_approval", "allow"] as const;
const VERDICTS: readonly Reaction[] = ["deny", "flag", "allow"];

function located<T>(value: T): Located<T> {
  return { value, text: "changed", where: WHERE };
}

const pattern: fc.Arbitrary<Located<AddressPattern>> = addressPattern.map((text) => {
  const parsed = parseAddressPattern(text);
  if (!parsed.ok) throw new Error(parsed.message);
  return located(parsed.pattern);
});
const patterns = fc.array(pattern, { maxLength: 4 });
const detector: fc.Arbitrary<Located<ContentDetector>> = fc.oneof(
  fc.constantFrom(...BUILTIN_DETECTORS).map((name) => located({ kind: "builtin", name } as const)),
  fc.constant(located({ kind: "pattern", name: "lyon", pattern: "(?i)lyon" } as const)),
);
const limits: fc.Arbitrary<LimitsPolicy> = fc
  .record({
    kind: fc.constantFrom("perAssistant", "perRecipient", "perDomain", "perUser", "team"),
    count: fc.integer({ min: 1, max: 3 }),
    windowMs: fc.constantFrom(60_000, 3_600_000, DAY_MS, 7 * DAY_MS),
  })
  .map(({ kind, count, windowMs }) => ({
    perAssistant: [],
    perRecipient: [],
    perDomain: [],
    perUser: [],
    team: [],
    [kind]: [{ count, windowMs, text: `${count}`, where: WHERE }],
  }));
const nth = fc.nat(7);

/** Every way of being stricter, each alone: what it does → how, at random. */
export const STRICTER: Readonly<Record<string, fc.Arbitrary<Change>>> = {
  "an entry of recipients.deny": pattern.map((entry) =>
    recipients(({ deny }) => ({ deny: [...deny, entry] })),
  ),
  "one entry less in recipients.allow": nth.map((n) =>
    recipients(({ allow }) => (allow === undefined ? {} : { allow: without(allow, n) })),
  ),
  "recipients.allow where there was none": patterns.map((entries) =>
    recipients(({ allow }) => ({ allow: allow ?? entries })),
  ),
  "one domain less in recipients.internal": nth.map((n) =>
    recipients(({ internal }) => ({ internal: without(internal, n) })),
  ),
  "a stricter recipients.external": nth.map((n) =>
    recipients(({ external }) => ({ external: stricter(EXTERNAL, external, n) })),
  ),
  "a lower recipients.max_per_email": fc
    .integer({ min: 1, max: 3 })
    .map((max) => recipients(({ maxPerEmail }) => ({ maxPerEmail: Math.min(maxPerEmail, max) }))),
  "a stricter declared oversight": nth.map((n) => (policy) => ({
    ...policy,
    oversight: stricter(OVERSIGHT_MODES, policy.oversight, n),
  })),
  "an entry of content.block": detector.map((entry) => ({ content, ...policy }) => ({
    ...policy,
    content: { ...content, block: [...content.block, entry] },
  })),
  "an entry of content.flag": detector.map((entry) => ({ content, ...policy }) => ({
    ...policy,
    content: { ...content, flag: [...content.flag, entry] },
  })),
  "a class of approval": fc
    .record({
      content: sometimes(50, fc.array(detector, { minLength: 1, maxLength: 2 })),
      recipients: sometimes(50, patterns),
      needed: fc.integer({ min: 1, max: 3 }),
    })
    .map(({ content, recipients, needed }) => ({ approval, ...policy }) => ({
      ...policy,
      approval: {
        ...approval,
        classes: [
          ...approval.classes,
          {
            when: { ...(content && { content }), ...(recipients && { recipients }) },
            needed,
            by: approval.by,
            where: WHERE,
          },
        ],
      },
    })),
  "a text that is required": fc
    .record({
      part: fc.constantFrom("subject", "body"),
      pattern: fc.constantFrom("(?i)lyon", "acme", "x{9}"),
    })
    .map(({ part, pattern }) => (policy) => ({
      ...policy,
      require: { [part]: { pattern, where: WHERE }, ...policy.require },
    })),
  "no attachments": fc.constant(({ attachments: _, ...policy }) => policy),
  "fewer attachments": nth.map((n) => (policy) => {
    if (policy.attachments === undefined) return policy;
    const { allow } = policy.attachments;
    return { ...policy, attachments: { allow: without(allow, n), maxCount: 1, maxBytes: 100 } };
  }),
  "a limit": limits.map((more) => (policy) => ({ ...policy, limits: both(policy.limits, more) })),
  "hours where there were none": nth.map((n) => (policy) => ({
    ...policy,
    hours: policy.hours ?? {
      windows: [{ days: new Set([1, 2, 3]), from: n * 60, to: n % 2 === 0 ? 600 : n * 60 + 1440 }],
      timezone: "UTC",
      holidays: [],
      outside: "schedule",
      outsideAt: WHERE,
      where: WHERE,
    },
  })),
  "hours with a window less": nth.map((n) =>
    eachHours((hours) => ({ windows: hours.windows.length > 1 ? without(hours.windows, n) : hours.windows })),
  ),
  "hours with more holidays": fc
    .tuple(fc.constantFrom("2026-03-29", "2026-10-25", "2026-11-23"), nth)
    .map(([day, n]) =>
      eachHours((hours) => ({
        holidays: [...hours.holidays, { name: `more-${n}`, days: new Set([day]), where: WHERE }],
      })),
    ),
  "hours that deny": fc.constant((policy) => ({
    ...policy,
    ...(policy.hours && { hours: { ...policy.hours, outside: "deny" } }),
  })),
  "email that is scheduled less far ahead": nth.map((n) => (policy) => ({
    ...policy,
    sendAt: { atMostMs: Math.min(policy.sendAt.atMostMs, n * 4 * 3_600_000), text: "less" },
  })),
  "a stricter overlap": nth.map((n) => (policy) => ({
    ...policy,
    overlap: {
      windowMs: Math.max(policy.overlap?.windowMs ?? 0, 60_000 * (n + 1)),
      similarity: Math.min(policy.overlap?.similarity ?? 1, n / 7),
      action: stricter(VERDICTS, policy.overlap?.action ?? "allow", n),
    },
  })),
  "a stricter first_contact": nth.map((n) => (policy) => ({
    ...policy,
    firstContact: stricter(VERDICTS, policy.firstContact, n),
  })),
  "a stricter after_outside_mail": nth.map((n) => (policy) => ({
    ...policy,
    afterOutsideMail: {
      windowMs: Math.max(policy.afterOutsideMail?.windowMs ?? 0, 60_000 * (n + 1)),
      newExternal: stricter(EXTERNAL, policy.afterOutsideMail?.newExternal ?? "allow", n),
      inbound: "all",
    },
  })),
  "a rule enforced that only warned": nth.map((n) => ({ rules, ...policy }) => ({
    ...policy,
    rules: new Map(without([...rules], n)),
  })),
  "an exception that ends earlier": fc.tuple(nth, nth).map(([n, days]) => ({ exceptions, ...policy }) => ({
    ...policy,
    exceptions: exceptions.map((exception, index) =>
      index === n % exceptions.length
        ? { ...exception, expiresAt: exception.expiresAt - days * DAY_MS }
        : exception,
    ),
  })),
  "an exception that begins later": fc.tuple(nth, nth).map(([n, days]) => ({ exceptions, ...policy }) => ({
    ...policy,
    exceptions: exceptions.map((exception, index) =>
      index === n % exceptions.length
        ? { ...exception, fromAt: (exception.fromAt ?? 1_774_000_000_000) + days * DAY_MS }
        : exception,
    ),
  })),
  "one exception less": nth.map((n) => ({ exceptions, ...policy }) => ({
    ...policy,
    exceptions: without(exceptions, n),
  })),
  "an exception for fewer recipients": nth.map((n) => ({ exceptions, ...policy }) => ({
    ...policy,
    exceptions: exceptions.map((exception) =>
      exception.recipients ? { ...exception, recipients: without(exception.recipients, n) } : exception,
    ),
  })),
  "an assistant with one action less": nth.map((n) =>
    assistants(({ actions }) => ({
      actions: new Set<ActionName>(without(ACTION_NAMES, n).filter((name) => actions.has(name))),
    })),
  ),
  "an assistant with fewer recipients": fc
    .tuple(patterns, nth)
    .map(([entries, n]) =>
      assistants(({ allow }) => ({ allow: allow === undefined ? entries : without(allow, n) })),
    ),
  "an assistant to which people sign in": patterns.map((entries) =>
    assistants(({ users }) => ({
      users: users ?? { allow: entries, claims: [], withKey: true, shared: [], where: WHERE },
    })),
  ),
  "an assistant with fewer users": fc
    .tuple(nth, fc.boolean())
    .map(([n, ofClaims]) =>
      users(({ allow, claims }) =>
        ofClaims ? { claims: without(claims, n) } : { allow: without(allow, n) },
      ),
    ),
  "an assistant that needs its key": fc.constant(users(() => ({ withKey: true }))),
  "an account that is shared": plainAddress.map((text) =>
    users(({ shared }) => ({ shared: [...shared, located(addressOf(text))] })),
  ),
  "an assistant with a limit": limits.map((more) =>
    assistants(({ limits }) => ({ limits: both(limits, more) })),
  ),
};

function recipients(change: (now: TeamPolicy["recipients"]) => Partial<TeamPolicy["recipients"]>): Change {
  return (policy) => ({ ...policy, recipients: { ...policy.recipients, ...change(policy.recipients) } });
}

function assistants(change: (now: AssistantPolicy) => Partial<AssistantPolicy>): Change {
  return (policy) => ({
    ...policy,
    assistants: new Map([...policy.assistants].map(([id, one]) => [id, { ...one, ...change(one) }])),
  });
}

/** Changes who may use assistants to which people sign in. */
function users(change: (now: UsersPolicy) => Partial<UsersPolicy>): Change {
  return assistants(({ users }) => (users === undefined ? {} : { users: { ...users, ...change(users) } }));
}

function addressOf(text: string): Address {
  const parsed = parseAddress(text);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.address;
}

/** Changes the team's hours, and those of assistants that have their own. */
function eachHours(change: (now: HoursPolicy) => Partial<HoursPolicy>): Change {
  const changed = <T extends { readonly hours?: HoursPolicy }>(one: T): T =>
    one.hours === undefined ? one : { ...one, hours: { ...one.hours, ...change(one.hours) } };
  return (policy) => ({
    ...changed(policy),
    assistants: new Map([...policy.assistants].map(([id, one]) => [id, changed(one)])),
  });
}

function both(a: LimitsPolicy, b: LimitsPolicy): LimitsPolicy {
  return {
    perAssistant: [...a.perAssistant, ...b.perAssistant],
    perRecipient: [...a.perRecipient, ...b.perRecipient],
    perDomain: [...a.perDomain, ...b.perDomain],
    perUser: [...a.perUser, ...b.perUser],
    team: [...a.team, ...b.team],
  };
}

/** The list without its `n`th entry, counted round. */
function without<T>(list: readonly T[], n: number): readonly T[] {
  return list.filter((_, index) => index !== n % list.length);
}

/** Up to `steps` stricter, of a list that begins with the strictest. */
function stricter<T>(order: readonly T[], value: T, steps: number): T {
  return order[Math.max(0, order.indexOf(value) - steps)] ?? value;
}
