import { type ApprovalClass, formatWhere, sameDetector, type TeamPolicy, whereOf } from "../../policy/mod.ts";
import { inEachTeam } from "../in_each_team.ts";
import type { LintFinding, LintRule } from "../lint_rule.ts";
import { isStrict } from "../rule_state.ts";
import { forbids } from "../written_entries.ts";

/** Classes of approval about email that is refused anyway: nobody ever decides on it. */
export const idleClass: LintRule = {
  about: "a class of approval about email that is refused anyway",
  find: inEachTeam((policy) =>
    policy.approval.classes.flatMap((one, index): readonly LintFinding[] => {
      const why = whyRefused(policy, one);
      if (why === undefined) return [];
      const message = `Nobody ever decides on email of this class: ${why}; take out the class, or what refuses it`;
      // What cannot be read is a flag because something is looked for, if only by this class.
      const looks =
        one.when.content !== undefined && policy.content.block.length + policy.content.flag.length === 0;
      return [
        {
          where: one.where,
          path: `approval.classes[${index}]`,
          message,
          ...(!looks && { isIdle: true as const }),
        },
      ];
    }),
  ),
};

function whyRefused(policy: TeamPolicy, { when }: ApprovalClass): string | undefined {
  const { recipients, content, attachments } = policy;
  const denied = when.recipients?.map(({ value }) =>
    recipients.deny.find((deny) => forbids(deny.value, value)),
  );
  if (denied !== undefined && denied.length > 0 && !denied.includes(undefined))
    return `recipients.deny has its recipients (${formatWhere(denied[0]?.where ?? whereOf(policy, "recipients"))})`;
  if (when.attachments && attachments === undefined && isStrict(policy, "attachments"))
    return "the team attaches no files (attachments)";
  const blocked = when.content?.map(({ value }) =>
    content.block.find((block) => sameDetector(block.value, value)),
  );
  // What cannot be read fits a class of content too, unless it passes unseen.
  if (
    blocked !== undefined &&
    blocked.length > 0 &&
    !blocked.includes(undefined) &&
    content.unscannable === "allow" &&
    isStrict(policy, "content.block")
  )
    return `content.block has what it is about (${formatWhere(blocked[0]?.where ?? whereOf(policy, "content"))})`;
  return undefined;
}
