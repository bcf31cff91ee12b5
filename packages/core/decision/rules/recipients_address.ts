import { isAskedFor, isEmailAction } from "../../action/mod.ts";
import type { Rule, RuleFinding } from "../rule.ts";

/** Every recipient must be one plain address: what cannot be read for certain cannot be judged. */
export const recipientsAddress: Rule = {
  name: "recipients.address",
  evaluate: ({ action, context, recipients }): readonly RuleFinding[] => {
    if (!isEmailAction(action)) return [];
    // Nobody can be known of a reply whose original cannot be read: the rule "reply" says so.
    if (!recipients.some(isAskedFor) && (action.name !== "reply" || context.original?.ok === true)) {
      return [{ effect: "deny", message: "An email needs at least one recipient" }];
    }
    return recipients.flatMap(({ parsed }, index): readonly RuleFinding[] => {
      if (!parsed.ok) return [{ effect: "deny", message: parsed.message, about: [index] }];
      const { lookAlike, domain } = parsed.address;
      if (!lookAlike) return [];
      return [
        { effect: "flag", message: `The domain ${domain} may be taken for another one`, about: [index] },
      ];
    });
  },
};
