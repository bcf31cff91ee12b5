import type { AssistantPolicy, RateLimit, TeamPolicy } from "../policy/mod.ts";
import type { LimitUsage } from "./context.ts";
import type { JudgedRecipient } from "./decision.ts";

/** One limit that an email counts against. */
export interface LimitCounter {
  readonly limit: LimitUsage["limit"];
  /** For `per_recipient`: `Address.base`. */
  readonly recipient?: string;
  readonly rate: RateLimit;
}

/** Every limit that an email to these recipients counts against: the team's, the assistant's, and each recipient's. */
export function limitCounters(
  policy: TeamPolicy,
  assistant: AssistantPolicy,
  recipients: readonly JudgedRecipient[],
): readonly LimitCounter[] {
  const all = [policy.limits, assistant.limits];
  const perRecipient = all.flatMap((limits) => limits.perRecipient);
  const bases = new Set(
    perRecipient.length === 0
      ? []
      : recipients.flatMap(({ parsed }) => (parsed.ok ? [parsed.address.base] : [])),
  );
  return [
    ...all
      .flatMap((limits) => limits.perAssistant)
      .map((rate) => ({ limit: "per_assistant" as const, rate })),
    ...perRecipient.flatMap((rate) =>
      [...bases].map((recipient) => ({ limit: "per_recipient" as const, recipient, rate })),
    ),
    ...all.flatMap((limits) => limits.team).map((rate) => ({ limit: "team" as const, rate })),
  ];
}
