import { isEmailAction } from "../../action/mod.ts";
import { whereOf } from "../../policy/mod.ts";
import { newContacts } from "../judged_recipients.ts";
import type { Rule } from "../rule.ts";

/** `first_contact`: a recipient whom this team never wrote to or heard from. */
export const firstContact: Rule = {
  name: "first_contact",
  evaluate: ({ policy, action, context, recipients }) => {
    if (policy.firstContact === "allow" || !isEmailAction(action)) return [];
    const about = newContacts(recipients, context.knownContacts);
    if (about.length === 0) return [];
    return [
      {
        effect: policy.firstContact,
        message: "Your team never wrote to this recipient or heard from them",
        where: whereOf(policy, "first_contact"),
        about,
      },
    ];
  },
};
