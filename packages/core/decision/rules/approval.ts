import { foundDetail, unknownContent } from "../content_findings.ts";
import { type FittingClass, fittingClasses } from "../fitting_classes.ts";
import { describeGroups } from "../groups_detail.ts";
import type { Rule, RuleFinding } from "../rule.ts";

/** `approval.classes`: email that needs more approval than other email, and so must be held for it. */
export const approval: Rule = {
  name: "approval",
  evaluate: (input) => fittingClasses(input).map(findingOf),
};

function findingOf(fitting: FittingClass): RuleFinding {
  const { class: one, about, found, unreadable, failed } = fitting;
  if (failed !== undefined) return unknownContent(failed);
  const detail = [
    ...found.map(([{ value }, hits]) => foundDetail(value, hits)),
    ...unreadable.map(({ index = 0 }) => `Attachment ${index + 1} cannot be scanned`),
    describeGroups(one.when.recipients ?? []),
  ]
    .filter(Boolean)
    .join("; ");
  return {
    effect: "flag",
    message: "Email like this needs more approval than other email",
    ...(detail !== "" && { detail }),
    where: one.where,
    ...(about !== undefined && { about }),
  };
}
