import { isEmailAction } from "../../action/mod.ts";
import { whereOf } from "../../policy/mod.ts";
import type { Rule } from "../rule.ts";

/** So far clocks may differ: a time that is past by less means now. */
const SKEW_MS = 60_000;

/** `send_at`: when the caller wants email to leave is not past, and not so far ahead that nobody remembers it. */
export const sendAt: Rule = {
  name: "send_at",
  evaluate: ({ policy, action, context }) => {
    if (!isEmailAction(action) || action.draft.sendAt === undefined) return [];
    const ahead = Date.parse(action.draft.sendAt) - (context.askedAt ?? context.now);
    const where = whereOf(policy, "send_at.at_most");
    if (!(ahead >= -SKEW_MS))
      return [{ effect: "deny", message: "send_at is past; leave it out to send at once" }];
    if (ahead <= policy.sendAt.atMostMs) return [];
    const message = "send_at is too far ahead; choose an earlier time, or send it when it is due";
    return [{ effect: "deny", message, detail: `send_at.at_most is ${policy.sendAt.text}`, where }];
  },
};
