import { isEmailAction } from "../../action/mod.ts";
import { whereOf } from "../../policy/mod.ts";
import type { Rule } from "../rule.ts";
import { isWithinHours, nextOpening } from "../working_hours.ts";

/** `hours`: when email may leave. Outside them it is denied, or scheduled for when they begin. */
export const hours: Rule = {
  name: "hours",
  evaluate: ({ policy, action, context }) => {
    if (policy.hours === undefined || !isEmailAction(action)) return [];
    const asked = action.draft.sendAt === undefined ? context.now : Date.parse(action.draft.sendAt);
    const leaves = Math.max(context.now, asked);
    if (isWithinHours(policy.hours, leaves)) return [];
    const where = whereOf(policy, "hours");
    if (policy.hours.outside === "deny") {
      return [{ effect: "deny", message: "Your team sends only in its working hours; send it then", where }];
    }
    if (action.name === "reply") {
      return [
        {
          effect: "deny",
          message: "A reply cannot be scheduled; send it in your team's working hours",
          where,
        },
      ];
    }
    const sendAt = new Date(nextOpening(policy.hours, leaves)).toISOString();
    return [{ effect: "note", message: "It leaves when your team's working hours begin", where, sendAt }];
  },
};
