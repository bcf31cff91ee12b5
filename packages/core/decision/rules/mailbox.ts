import { whereOf } from "../../policy/mod.ts";
import type { Rule } from "../rule.ts";

/** `mailbox.id`: a team acts in its own mailbox and in no other. */
export const mailbox: Rule = {
  name: "mailbox",
  evaluate: ({ policy, action }) => {
    if (action.mailboxId === undefined || action.mailboxId === policy.mailbox.id) return [];
    return [
      {
        effect: "deny",
        message: "This mailbox is not your team's; leave the mailbox out to use your own",
        where: whereOf(policy, "mailbox.id"),
      },
    ];
  },
};
