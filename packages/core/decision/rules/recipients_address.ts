import { isEmailAction } from "../../action/mod.ts";
import type { Rule } from "../rule.ts";

/** Every recipient must be one plain address: what cannot be read for certain cannot be judged. */
export const recipientsAddress: Rule = {
  name: "recipients.address",
  evaluate: ({ action, recipients }) => {
    if (!isEmailAction(action)) return [];
    if (recipients.length === 0) {
      return [{ effect: "deny", message: "An email needs at least one recipient" }];
    }
    return recipients.flatMap(({ parsed }, index) =>
      parsed.ok ? [] : [{ effect: "deny" as const, message: parsed.message, about: [index] }],
    );
  },
};
