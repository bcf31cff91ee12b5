import type { Rule } from "../rule.ts";

/** A reply is judged by the email that it answers; if that cannot be had, or may not be shown (`decide`), it is denied. */
export const reply: Rule = {
  name: "reply",
  evaluate: ({ action, context: { original } }) => {
    if (action.name !== "reply") return [];
    if (original === undefined || !original.ok) {
      return [
        {
          effect: "deny",
          message: `The email replied to could not be read, so nobody knows whom this would reach: ${original?.message ?? "not looked up"}`,
        },
      ];
    }
    return [];
  },
};
