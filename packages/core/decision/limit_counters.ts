import { isAskedFor } from "../action/mod.ts";
import type { Address } from "../address/mod.ts";
import type { AssistantPolicy, RateLimit, TeamPolicy } from "../policy/mod.ts";
import type { LimitUsage } from "./context.ts";
import type { JudgedRecipient } from "./decision.ts";
import { type Person, personKey } from "./person.ts";

/** One limit that an email counts against. */
export interface LimitCounter {
  readonly limit: LimitUsage["limit"];
  /** For `per_recipient`: `Address.base`. */
  readonly recipient?: string;
  /** For `per_domain`: `Address.domain`. */
  readonly domain?: string;
  /** For `per_user`: `personKey`. */
  readonly user?: string;
  readonly rate: RateLimit;
}

/** Whom an email is for, and who asks for it. */
export interface CountedEmail {
  readonly recipients: readonly JudgedRecipient[];
  /** Absent: nobody knows; what counts by person counts nothing, and `limits` denies. */
  readonly person?: Person | undefined;
}

/**
 * Every limit that an email counts against: the team's, the assistant's, of the person who asks, and of each who was asked
 * for, and their domain.
 */
export function limitCounters(
  policy: TeamPolicy,
  assistant: AssistantPolicy,
  { recipients, person }: CountedEmail,
): readonly LimitCounter[] {
  const all = [policy.limits, assistant.limits];
  if (all.every(isUnlimited)) return [];
  const perRecipient = all.flatMap((limits) => limits.perRecipient);
  const perDomain = all.flatMap((limits) => limits.perDomain);
  const each = (rates: readonly RateLimit[], of: (address: Address) => string): ReadonlySet<string> =>
    new Set(
      rates.length === 0
        ? []
        : recipients.filter(isAskedFor).flatMap(({ parsed }) => (parsed.ok ? [of(parsed.address)] : [])),
    );
  const bases = each(perRecipient, ({ base }) => base);
  const domains = each(perDomain, ({ domain }) => domain);
  return [
    ...all
      .flatMap((limits) => limits.perAssistant)
      .map((rate) => ({ limit: "per_assistant" as const, rate })),
    ...perRecipient.flatMap((rate) =>
      [...bases].map((recipient) => ({ limit: "per_recipient" as const, recipient, rate })),
    ),
    ...perDomain.flatMap((rate) =>
      [...domains].map((domain) => ({ limit: "per_domain" as const, domain, rate })),
    ),
    ...(person === undefined
      ? []
      : all
          .flatMap((limits) => limits.perUser)
          .map((rate) => ({ limit: "per_user" as const, user: personKey(person), rate }))),
    ...all.flatMap((limits) => limits.team).map((rate) => ({ limit: "team" as const, rate })),
  ];
}

function isUnlimited(limits: TeamPolicy["limits"]): boolean {
  // Whatever kinds of limits there are.
  return Object.values(limits).every(({ length }) => length === 0);
}
