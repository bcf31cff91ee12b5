import { askedDraft, type Draft, isEmailAction } from "../../action/mod.ts";
import { fingerprint, similarity } from "../../overlap/mod.ts";
import { whereOf } from "../../policy/mod.ts";
import type { RecentEmail } from "../context.ts";
import type { Rule, RuleFinding } from "../rule.ts";

/**
 * `overlap`: another assistant of the team wrote much the same to the same people a short while ago, or another team
 * wrote to them at all.
 */
export const overlap: Rule = {
  name: "overlap",
  evaluate: ({ policy, action, context, recipients }): readonly RuleFinding[] => {
    const { overlap: rule } = policy;
    if (rule === undefined || rule.action === "allow" || !isEmailAction(action)) return [];
    const effect = rule.action;
    const shared = ({ recipients: theirs }: RecentEmail): readonly number[] =>
      recipients.flatMap(({ parsed, composed }, index) =>
        parsed.ok && !composed && theirs.includes(parsed.address.base) ? [index] : [],
      );
    let draft: readonly number[] | undefined;
    const likeness = ({ fingerprint: theirs }: RecentEmail): number | undefined => {
      if (theirs === undefined) return undefined;
      draft ??= askedFingerprint(action.draft);
      return similarity(draft, theirs);
    };
    return (context.recent ?? []).flatMap((email) => {
      const about = shared(email);
      if (about.length === 0 || context.now - email.at >= rule.windowMs) return [];
      const where = whereOf(policy, "overlap");
      if (email.team !== context.team) {
        const message = "Another team wrote to this recipient a short while ago";
        return [{ effect, message, detail: `Receipt ${email.receipt} of team ${email.team}`, where, about }];
      }
      if (email.assistant === context.assistant) return [];
      const alike = email.alike ?? likeness(email);
      if (alike === undefined || alike < rule.similarity) return [];
      return [
        {
          effect,
          message: `Your team's assistant "${email.assistant}" wrote much the same to this recipient a short while ago`,
          detail: `Receipt ${email.receipt}, similarity ${alike.toFixed(2)} of ${rule.similarity}`,
          where,
          about,
        },
      ];
    });
  },
};

/** The fingerprint of what was asked for, by which it is compared with other email. */
export function askedFingerprint(draft: Draft): readonly number[] {
  const { subject, markdown } = askedDraft(draft);
  return fingerprint(`${subject}\n${markdown}`);
}
