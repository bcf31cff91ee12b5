import { isEmailAction } from "../../action/mod.ts";
import { whereOf } from "../../policy/mod.ts";
import { isInternal } from "../is_internal.ts";
import { newContacts } from "../new_contacts.ts";
import type { Rule } from "../rule.ts";

/**
 * `after_outside_mail`: whoever has just read email from outside may have been told by it what to do. For a while, new
 * outside recipients need a person.
 */
export const afterOutsideMail: Rule = {
  name: "after_outside_mail",
  evaluate: ({ policy, action, context, recipients, held }) => {
    const { afterOutsideMail: rule } = policy;
    if (rule === undefined || rule.newExternal === "allow" || !isEmailAction(action)) return [];
    const readAt = context.outsideMailReadAt;
    if (readAt === undefined || context.now - readAt >= rule.windowMs) return [];
    const about = newContacts(recipients, context).filter((index) => {
      const parsed = recipients[index]?.parsed;
      return parsed?.ok === true && !isInternal(policy, parsed.address);
    });
    if (about.length === 0) return [];
    const where = whereOf(policy, "after_outside_mail");
    const detail = `Read email from outside ${Math.round((context.now - readAt) / 60_000)} min ago`;
    if (rule.newExternal === "require_approval" && held) {
      return [
        {
          effect: "note",
          message: "A new recipient outside: a person approves it first",
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
          "You have read email from outside a short while ago, so a new recipient outside needs a person first",
        detail,
        where,
        about,
      },
    ];
  },
};
