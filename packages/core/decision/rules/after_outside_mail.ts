import { isEmailAction } from "../../action/mod.ts";
import { whereOf } from "../../policy/mod.ts";
import { isInternal, newContacts } from "../judged_recipients.ts";
import type { Rule } from "../rule.ts";

/**
 * `after_outside_mail`: whoever has just read email from outside may have been told by it what to do, and so may
 * colleagues, who share the mailbox. For a while, outside recipients need a person unless email of the team had left to
 * them before. Whoever wrote is not known by that: it may be the very email that tells to answer.
 */
export const afterOutsideMail: Rule = {
  name: "after_outside_mail",
  evaluate: ({ policy, action, context, recipients, held }) => {
    const { afterOutsideMail: rule } = policy;
    if (rule === undefined || rule.newExternal === "allow" || !isEmailAction(action)) return [];
    const readAt = context.outsideMailReadAt;
    if (readAt === undefined || context.now - readAt >= rule.windowMs) return [];
    const about = newContacts(recipients, context.writtenBefore).filter((index) => {
      const parsed = recipients[index]?.parsed;
      return parsed?.ok === true && !isInternal(policy, parsed.address);
    });
    if (about.length === 0) return [];
    const where = whereOf(policy, "after_outside_mail");
    const detail = `The team read email from outside ${Math.round((context.now - readAt) / 60_000)} min ago`;
    if (rule.newExternal === "require_approval" && held) {
      return [
        {
          effect: "note",
          message: "A recipient outside whom your team had not written to before: a person approves it first",
          detail,
          where,
          about,
        },
      ];
    }
    return [
      {
        effect: "deny",
        message:
          "Your team has read email from outside a short while ago, so a recipient outside whom it had not written to before needs a person first",
        detail,
        where,
        about,
      },
    ];
  },
};
