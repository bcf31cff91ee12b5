import { isEmailAction } from "../../action/mod.ts";
import { whereOf } from "../../policy/mod.ts";
import type { Rule } from "../rule.ts";

/** After an alarm nothing leaves the mailbox until a person has looked and cleared it. */
export const mailboxStopped: Rule = {
  name: "mailbox.stopped",
  evaluate: ({ policy, action, context: { stopped } }) => {
    if (!isEmailAction(action) || stopped === undefined) return [];
    return [
      {
        effect: "deny",
        message:
          "The mailbox is stopped after an alarm, so nothing is sent; the platform team must look and clear it",
        detail: stopped,
        where: whereOf(policy, "mailbox.id"),
      },
    ];
  },
};
