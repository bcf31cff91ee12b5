import { isEmailAction } from "../../action/mod.ts";
import { limitCounters } from "../limit_counters.ts";
import type { Rule, RuleFinding } from "../rule.ts";

/** `limits`: how many emails may be accepted in a rolling window. */
export const limits: Rule = {
  name: "limits",
  evaluate: ({ policy, assistant, action, context, recipients }): readonly RuleFinding[] => {
    if (!isEmailAction(action)) return [];
    return limitCounters(policy, assistant, recipients).flatMap(({ limit, recipient, domain, rate }) => {
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
  },
};

const MESSAGES = {
  per_assistant: "You have sent as much as you may for now; try again later",
  per_recipient:
    "This recipient has had as many emails from your team as is allowed for now; try again later",
  per_domain:
    "This recipient's domain has had as many emails from your team as is allowed for now; try again later",
  team: "Your team has sent as much as it may for now; try again later",
} as const;
