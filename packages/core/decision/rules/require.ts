import { isEmailAction } from "../../action/mod.ts";
import { holdsPattern } from "../../content/mod.ts";
import type { RequiredText } from "../../policy/mod.ts";
import type { Rule, RuleFinding } from "../rule.ts";

/** `require`: what must be found in the subject and in the body, as the email leaves. MultiMail writes a reply's subject. */
export const require: Rule = {
  name: "require",
  evaluate: ({ policy, action }): readonly RuleFinding[] => {
    if (policy.require === undefined || !isEmailAction(action)) return [];
    const { subject, body } = policy.require;
    return [
      ...(action.name === "reply" ? [] : missing("subject", action.draft.subject, subject)),
      ...missing("body", action.draft.markdown, body),
    ];
  },
};

function missing(part: string, text: string, required: RequiredText | undefined): readonly RuleFinding[] {
  if (required === undefined || holdsPattern(text, required.pattern)) return [];
  const { wanted, where } = required;
  const what = wanted === undefined ? "; the description of the policy says what" : `: ${wanted}`;
  return [
    { effect: "deny", message: `The ${part} lacks what your team's policy requires of it${what}`, where },
  ];
}
