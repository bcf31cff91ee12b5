import { isEmailAction } from "../../action/mod.ts";
import { whereOf } from "../../policy/mod.ts";
import { unknownContent } from "../content_findings.ts";
import type { Rule, RuleFinding } from "../rule.ts";

/** `content.unscannable`: attachments that say more than can be read, such as pictures. */
export const contentUnscannable: Rule = {
  name: "content.unscannable",
  evaluate: ({ policy, action, scanned }): readonly RuleFinding[] => {
    const { unscannable: verdict } = policy.content;
    if (verdict === "allow" || !isEmailAction(action)) return [];
    const { unreadable, failed } = scanned();
    if (failed !== undefined) return [unknownContent(failed)];
    const where = whereOf(policy, "content.unscannable");
    return unreadable.map(({ index = 0 }) => ({
      effect: verdict,
      message: "An attachment cannot be read, so nobody knows what it says",
      detail: `Attachment ${index + 1} cannot be scanned`,
      where,
    }));
  },
};
