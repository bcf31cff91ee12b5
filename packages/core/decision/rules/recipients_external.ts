import { whereOf } from "../../policy/mod.ts";
import { isInternal } from "../judged_recipients.ts";
import type { Rule, RuleFinding } from "../rule.ts";

/**
 * `recipients.external`: what happens to email for people outside. `require_approval` holds only if MultiMail will
 * really hold this email; one that would go out unseen is denied here.
 */
export const recipientsExternal: Rule = {
  name: "recipients.external",
  evaluate: ({ policy, recipients, held }): readonly RuleFinding[] => {
    const { external } = policy.recipients;
    if (external === "allow") return [];
    const about = recipients.flatMap(({ parsed }, index) =>
      parsed.ok && !isInternal(policy, parsed.address) ? [index] : [],
    );
    if (about.length === 0) return [];
    const where = whereOf(policy, "recipients.external");
    if (external === "deny") {
      return [{ effect: "deny", message: "Your team writes to nobody outside the company", where, about }];
    }
    if (held)
      return [
        { effect: "note", message: "This recipient is outside: a person approves it first", where, about },
      ];
    return [
      {
        effect: "deny",
        message:
          "This recipient is outside, so a person would have to approve it, and this mailbox would send it unseen",
        where,
        about,
      },
    ];
  },
};
