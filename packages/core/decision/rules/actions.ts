import { whereOf } from "../../policy/mod.ts";
import type { Rule } from "../rule.ts";

/** `assistants[].actions`: what this assistant may do at all. */
export const actions: Rule = {
  name: "actions",
  evaluate: ({ policy, assistant, action }) => {
    if (action.name === "invalid" || assistant.actions.has(action.name)) return [];
    const allowed = [...assistant.actions].join(", ") || "nothing";
    return [
      {
        effect: "deny",
        message: `This assistant may not use "${action.name}"; it may use: ${allowed}`,
        where: whereOf(policy, `assistants[${[...policy.assistants.keys()].indexOf(assistant.id)}].actions`),
      },
    ];
  },
};
