import { z } from "zod";
import { hidesWhatFollows } from "../../action/mod.ts";
import {
  type Address,
  type AddressPattern,
  type PatternResult,
  parseAddress,
  parseAddressPattern,
  parseDomainPattern,
} from "../../address/mod.ts";
import { parseRate, parseSize, type Rate } from "../values/amounts.ts";
import { checkPattern } from "../values/check_pattern.ts";
import { type ListKind, type Named, parseNamed } from "../values/named.ts";
import { isTimeZone, parseDuration, parseExpiry, parseTimeOfDay, parseWeekdays } from "../values/times.ts";
import type { Written } from "../values/written.ts";
import { KEY_FACTS } from "./_key_facts.ts";

/** A name that people give: a team, an assistant, a detector. */
export function id(about: string): z.ZodType<string> {
  return z
    .string()
    .max(63)
    .regex(/^[a-z0-9][a-z0-9-]*$/, 'Must be lower-case letters, digits and hyphens, such as "invoice-chaser"')
    .describe(about)
    .register(KEY_FACTS, { form: "name" });
}

/** Text for people. */
export function text(about: string): z.ZodType<string> {
  return z.string().min(1).max(500).describe(about).register(KEY_FACTS, { form: "text" });
}

/** A value of the claim that lists a person's groups, compared as it is written. */
export function claim(about: string): z.ZodType<string> {
  return z
    .string()
    .max(200)
    .regex(/^[^\p{Cc}\u2028\u2029]+$/u, "Must be one line without control characters")
    .refine((text) => text === text.trim(), "Must not begin or end with a space")
    .describe(about)
    .register(KEY_FACTS, { form: "text of one line" });
}

/** What begins a subject. */
export function subjectPrefix(about: string): z.ZodType<string> {
  return z
    .string()
    .max(100)
    .regex(/^\S/, 'Must begin with a character, such as "[Acme Support] "')
    .regex(/^[^\p{Cc}\u2028\u2029]*$/u, "Must be one line without control characters")
    .describe(about)
    .register(KEY_FACTS, { form: "text of one line" });
}

/** What ends a body. */
export function footer(about: string): z.ZodType<string> {
  return z
    .string()
    .max(5_000)
    .regex(/\S/, "Must not be empty")
    .regex(/^(?:[^\p{Cc}]|[\n\t])*$/u, "Must not hold control characters")
    .refine(
      (text) => !hidesWhatFollows(text),
      "Must not leave a comment or an element of HTML open, nor have a style sheet: what comes below it could not be seen",
    )
    .describe(about)
    .register(KEY_FACTS, { form: "markdown" });
}

/** Another system's id, which means nothing to us. */
export function opaqueId(about: string): z.ZodType<string> {
  return z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, "Must be an id: up to 64 letters, digits, hyphens and underscores")
    .describe(about)
    .register(KEY_FACTS, { form: "id" });
}

/** The name of an environment variable. What was written is never shown: it may be a key. */
export function variableName(about: string): z.ZodType<string> {
  return z
    .string()
    .regex(
      /^[A-Z][A-Z0-9_]{0,99}$/,
      'Must be the name of an environment variable, such as "MULTIMAIL_API_KEY", never a key itself',
    )
    .refine(
      (name) => /^MULTIMAIL_API_KEY(?:_[A-Z0-9_]+)?$/.test(name),
      'Must be "MULTIMAIL_API_KEY" or begin with "MULTIMAIL_API_KEY_": no other variable is sent to MultiMail',
    )
    .describe(about)
    .register(KEY_FACTS, { form: "name of a variable" });
}

/** The name of an environment variable with what a channel needs. What was written is never shown: it may be a secret. */
export function notifyVariable(about: string): z.ZodType<string> {
  return z
    .string()
    .regex(
      /^NOTIFY_[A-Z0-9_]{1,93}$/,
      'Must be the name of an environment variable that begins with "NOTIFY_", never what is in it: no other variable is used for notices',
    )
    .describe(about)
    .register(KEY_FACTS, { form: "name of a variable" });
}

/** The hash of an assistant's key. What was written is never shown: it may be the key. */
export function keyHash(about: string): z.ZodType<string> {
  return z
    .string()
    .regex(
      /^sha256:[0-9a-f]{64}$/,
      'Must be "sha256:" and 64 lower-case hexadecimal digits, never a key itself',
    )
    .describe(about)
    .register(KEY_FACTS, { form: "hash of a key" });
}

/** A media type: `application/pdf`. */
export function mediaType(about: string): z.ZodType<string> {
  return z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9!#$&^_.+-]{0,63}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}$/,
      'Must be a lower-case media type, such as "application/pdf"',
    )
    .describe(about)
    .register(KEY_FACTS, { form: "media type" });
}

/** One address. */
export function address(about: string): z.ZodType<Written<Address>> {
  return parsed(z.string().describe(about), (text) => {
    const result = parseAddress(text);
    return result.ok ? { value: result.address } : result;
  }).register(KEY_FACTS, { form: "address" });
}

/** One address, or the people of a role: `role:finance-leads`. */
export function person(about: string): z.ZodType<Written<Address | Named<"role">>> {
  return parsed(orNamed("role").describe(about), personValue).register(KEY_FACTS, {
    form: "address or `role:name`",
  });
}

function personValue(text: string): Parsed<Address | Named<"role">> {
  const role = parseNamed(text, "role");
  if (role !== undefined) return role.ok ? { value: role.named } : role;
  const result = parseAddress(text);
  return result.ok ? { value: result.address } : result;
}

/** A value of the claim of groups that people have when they sign in. */
export interface Claimed {
  readonly kind: "claim";
  readonly claim: string;
}

/** One address, a role's people, or whoever signs in with a claim: `claim:platform`. */
export function access(about: string): z.ZodType<Written<Address | Named<"role"> | Claimed>> {
  return parsed(
    orNamed("role", "claim").describe(about),
    (text): Parsed<Address | Named<"role"> | Claimed> => {
      if (!text.startsWith("claim:")) return personValue(text);
      const claim = text.slice("claim:".length);
      if (/^[^\p{Cc}\s](?:[^\p{Cc}]{0,254}[^\p{Cc}\s])?$/u.test(claim))
        return { value: { kind: "claim", claim } };
      return {
        message: 'Must be a value after "claim:", without spaces around it, such as "claim:platform"',
      };
    },
  ).register(KEY_FACTS, { form: "address, `role:name` or `claim:value`" });
}

/** A pattern over addresses, `*@partner.example`, or those of a group: `group:suppliers`. */
export function recipient(about: string): z.ZodType<Written<AddressPattern | Named<"group">>> {
  return parsed(orNamed("group").describe(about), (text): Parsed<AddressPattern | Named<"group">> => {
    const group = parseNamed(text, "group");
    if (group !== undefined) return group.ok ? { value: group.named } : group;
    return patternValue(parseAddressPattern(text));
  }).register(KEY_FACTS, { form: "address, pattern or `group:name`" });
}

/** Text that may name a list. With a space after the colon, YAML makes a map of it. */
function orNamed(...kinds: readonly (ListKind | "claim")[]): z.ZodString {
  return z.string({
    error: ({ input }) => {
      if (typeof input !== "object" || input === null) return undefined;
      const kind = kinds.find((kind) => kind in input);
      if (kind === undefined) return undefined;
      return `Must be text, got a map: write "${kind}:" and the name without a space between them`;
    },
  });
}

/** A pattern over addresses that stands in a list without groups: MultiMail's own allowlist is exactly that list. */
export function allowlistPattern(about: string): z.ZodType<Written<AddressPattern>> {
  return parsed(z.string().describe(about), (text) =>
    text.startsWith("group:")
      ? {
          message:
            "Must be an address or a pattern, not a group: MultiMail's allowlist must be exactly this list, so one edit of a group would stop every mailbox that has it until their allowlists are changed by hand",
        }
      : patternValue(parseAddressPattern(text)),
  ).register(KEY_FACTS, { form: "address or pattern" });
}

/** A domain as `internal` lists it: `acme.example`, `*.acme.example`. */
export function domain(about: string): z.ZodType<Written<AddressPattern>> {
  return parsed(z.string().describe(about), (text) => patternValue(parseDomainPattern(text))).register(
    KEY_FACTS,
    { form: "domain" },
  );
}

/** `20/day`. */
export function rate(about: string): z.ZodType<Written<Rate>> {
  return wanted(about, parseRate, 'a limit by the minute, hour, day or week, such as "20/day"').register(
    KEY_FACTS,
    { form: "limit, like `20/day`" },
  );
}

/** `24h`. */
export function duration(about: string, maxDays = 30): z.ZodType<Written<number>> {
  const form = `a time such as "30m", "24h" or "7d", at most ${maxDays} days`;
  return wanted(about, (text) => parseDuration(text, maxDays), form).register(KEY_FACTS, {
    form: `time of at most ${maxDays}d, like \`24h\``,
  });
}

/** `5MB`. */
export function size(about: string): z.ZodType<Written<number>> {
  return wanted(about, parseSize, 'a size such as "500KB" or "5MB", at most 50MB').register(KEY_FACTS, {
    form: "size, like `5MB`",
  });
}

/** `08:30`. */
export function timeOfDay(about: string): z.ZodType<Written<number>> {
  return wanted(about, parseTimeOfDay, 'a time from "00:00" to "24:00"').register(KEY_FACTS, {
    form: 'time, like `"08:00"`',
  });
}

/** `mon-fri`. */
export function weekdays(about: string): z.ZodType<Written<ReadonlySet<number>>> {
  return wanted(about, parseWeekdays, 'days such as "mon-fri" or "mon, wed, fri"').register(KEY_FACTS, {
    form: "days, like `mon-fri`",
  });
}

/** `2026-12-31`. */
export function expiry(about: string): z.ZodType<Written<number>> {
  return wanted(about, parseExpiry, 'a day of the calendar such as "2026-12-31"').register(KEY_FACTS, {
    form: "day, like `2026-12-31`",
  });
}

/** `Europe/Paris`. */
export function timeZone(about: string): z.ZodType<string> {
  return z
    .string()
    .refine(isTimeZone, 'Must be an IANA time zone such as "Europe/Paris"')
    .describe(about)
    .register(KEY_FACTS, { form: "time zone" });
}

/** A regular expression in RE2 syntax; `effect` is what one does that every text holds. */
export function re2(about: string, effect?: string): z.ZodType<string> {
  return z
    .string()
    .superRefine((text, context) => {
      const message = checkPattern(text, effect);
      if (message !== undefined) context.addIssue({ code: "custom", message });
    })
    .describe(about)
    .register(KEY_FACTS, { form: "RE2 pattern" });
}

type Parsed<T> = { readonly value: T } | { readonly message: string };

function parsed<T>(schema: z.ZodType<string>, parse: (text: string) => Parsed<T>): z.ZodType<Written<T>> {
  return schema.transform((text, context) => {
    const result = parse(text);
    if ("value" in result) return { value: result.value, text };
    context.addIssue({ code: "custom", message: result.message });
    return z.NEVER;
  });
}

function wanted<T>(
  about: string,
  parse: (text: string) => T | undefined,
  form: string,
): z.ZodType<Written<T>> {
  const message = (input: unknown): string => `Must be ${form}, got ${showValue(input)}`;
  const schema = z.string({ error: ({ input }) => (input === undefined ? undefined : message(input)) });
  return parsed(schema.describe(about), (text) => {
    const value = parse(text);
    return value === undefined ? { message: message(text) } : { value };
  });
}

function patternValue(result: PatternResult): Parsed<AddressPattern> {
  return result.ok ? { value: result.pattern } : result;
}

/** A value as messages show it: text quoted and cut, collections by their kind. */
export function showValue(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "a map" : String(value);
}
