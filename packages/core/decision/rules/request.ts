import type { Rule } from "../rule.ts";

/** A request that is no action at all is denied, so that it is on record like any other. */
export const request: Rule = {
  name: "request",
  evaluate: ({ action }) => {
    if (action.name !== "invalid") return [];
    if (action.problems.length === 0) {
      return [{ effect: "deny", message: "This is not something that an assistant can ask for" }];
    }
    return action.problems.map(({ field, message }) => ({
      effect: "deny",
      message: field === "" ? message : `${field}: ${message}`,
    }));
  },
};
