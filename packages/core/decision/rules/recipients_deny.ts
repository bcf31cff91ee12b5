import { matchesDenyPattern } from "../../address/mod.ts";
import { groupsDetail } from "../groups_detail.ts";
import type { Rule } from "../rule.ts";

/** `recipients.deny`, the team's and the organisation's: always wins. */
export const recipientsDeny: Rule = {
  name: "recipients.deny",
  evaluate: ({ policy, recipients }) =>
    policy.recipients.deny.flatMap((pattern) => {
      const about = recipients.flatMap(({ parsed }, index) =>
        parsed.ok && matchesDenyPattern(pattern.value, parsed.address) ? [index] : [],
      );
      return about.length === 0
        ? []
        : [
            {
              effect: "deny" as const,
              message: "This recipient may never be written to",
              ...groupsDetail([pattern]),
              where: pattern.where,
              about,
            },
          ];
    }),
};
