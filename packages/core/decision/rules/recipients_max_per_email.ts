import { isAskedFor } from "../../action/mod.ts";
import { whereOf } from "../../policy/mod.ts";
import type { Rule } from "../rule.ts";

/** `recipients.max_per_email`: To, Cc and Bcc together, without the copies that the policy gives. */
export const recipientsMaxPerEmail: Rule = {
  name: "recipients.max_per_email",
  evaluate: ({ policy, recipients: everybody }) => {
    const recipients = everybody.filter(isAskedFor);
    if (recipients.length <= policy.recipients.maxPerEmail) return [];
    return [
      {
        effect: "deny",
        message: "This email has too many recipients; write to fewer people at once",
        detail: `${recipients.length} recipients, max_per_email is ${policy.recipients.maxPerEmail}`,
        where: whereOf(policy, "recipients.max_per_email"),
      },
    ];
  },
};
