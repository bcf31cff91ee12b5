import { isEmailAction } from "../../action/mod.ts";
import type { LimitsPolicy } from "../../policy/mod.ts";
import type { Finding } from "../decision.ts";
import { limitCounters } from "../limit_counters.ts";
import type { Rule, RuleFinding } from "../rule.ts";

/** `limits`: how many emails may be accepted in a rolling window. */
export const limits: Rule = {
  name: "limits",
  evaluate: ({ policy, assistant, action, context, recipients }): readonly RuleFinding[] => {
    if (!isEmailAction(action)) return [];
    const counters = limitCounters(policy, assistant, { recipients, person: context.person });
    const full = counters.flatMap(({ limit, recipient, domain, rate }) => {
      const used = context.usage?.find(
        (usage) =>
          usage.limit === limit &&
          usage.recipient === recipient &&
          usage.domain === domain &&
          usage.windowMs === rate.windowMs,
      )?.used;
      if ((used ?? 0) < rate.count) return [];
      const about = recipients.flatMap(({ parsed, composed }, index) =>
        parsed.ok && !composed && (parsed.address.base === recipient || parsed.address.domain === domain)
          ? [index]
          : [],
      );
      return [
        {
          effect: "deny" as const,
          message: MESSAGES[limit],
          detail: `${limit} is ${rate.text}, ${used} used`,
          where: rate.where,
          ...(about.length > 0 && { about }),
        },
      ];
    });
    return [...(context.person === undefined ? uncounted([policy.limits, assistant.limits]) : []), ...full];
  },
};

/** Whether a finding of `limits` is that nobody signed in who could be counted, which waiting does not mend. */
export function countsNobody({ rule, message }: Pick<Finding, "rule" | "message">): boolean {
  return rule === limits.name && message === NOBODY_TO_COUNT;
}

const NOBODY_TO_COUNT =
  "Email is counted by the person who asks for it, and nobody signed in: ask the platform team";

function uncounted(all: readonly LimitsPolicy[]): readonly RuleFinding[] {
  return all
    .flatMap(({ perUser }) => perUser)
    .map(({ text, where }) => ({
      ...{ effect: "deny" as const, message: NOBODY_TO_COUNT },
      ...{ detail: `per_user is ${text}, and there is nobody to count`, where },
    }));
}

const MESSAGES = {
  per_assistant: "You have sent as much as you may for now; try again later",
  per_recipient:
    "This recipient has had as many emails from your team as is allowed for now; try again later",
  per_domain:
    "This recipient's domain has had as many emails from your team as is allowed for now; try again later",
  per_user: "You have asked for as much email as you may for now; try again later",
  team: "Your team has sent as much as it may for now; try again later",
} as const;
