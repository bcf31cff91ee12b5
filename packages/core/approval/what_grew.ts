import type { ApprovalRequirement, Finding } from "../decision/mod.ts";
import { formatWhere } from "../policy/mod.ts";

/** What a decision was made on: what is required of an email, and what was found. */
export interface ShownJudgement {
  readonly requirements: readonly ApprovalRequirement[];
  readonly findings: readonly Finding[];
}

/**
 * What has grown between two judgements of one email, in sentences for people; nothing: approvals given before still stand,
 * as far as the people who gave them may approve. Where a line of the policy moved, or somebody may approve besides, nothing
 * has grown.
 */
export function whatGrew(before: ShownJudgement, after: ShownJudgement): readonly string[] {
  return [...grownRequirements(before, after), ...grownFindings(before, after)];
}

function grownRequirements(before: ShownJudgement, after: ShownJudgement): readonly string[] {
  const left = [...before.requirements].sort(byNeed);
  return [...after.requirements].sort(byNeed).flatMap((requirement): readonly string[] => {
    const { needed, where } = requirement;
    const place = formatWhere(where);
    const what = requirement.class === undefined ? "of all email" : `of this (${requirement.class})`;
    const index = left.findIndex((one) => one.class === requirement.class);
    const [known] = index === -1 ? [] : left.splice(index, 1);
    if (known === undefined) return [`Approval is required ${what} now (${place})`];
    if (needed > known.needed)
      return [`${needed} people must approve ${what} now, ${known.needed} before (${place})`];
    return [];
  });
}

/** The one that wants most first: two of one class are compared one by one. */
function byNeed(a: ApprovalRequirement, b: ApprovalRequirement): number {
  return b.needed - a.needed;
}

function grownFindings(before: ShownJudgement, after: ShownJudgement): readonly string[] {
  const left = new Map<string, number>();
  for (const finding of before.findings)
    if (asksForALook(finding)) left.set(keyOf(finding), (left.get(keyOf(finding)) ?? 0) + 1);
  return after.findings.flatMap((finding): readonly string[] => {
    if (!asksForALook(finding)) return [];
    const key = keyOf(finding);
    const known = left.get(key) ?? 0;
    left.set(key, known - 1);
    if (known > 0) return [];
    const place = finding.where === undefined ? "" : ` (${formatWhere(finding.where)})`;
    return [`${finding.rule}: ${finding.message}${place}`];
  });
}

/** Notes ask for nothing. What only warns is shown to whoever decides, and so is what would have denied earlier. */
function asksForALook({ effect }: Finding): boolean {
  return effect !== "note";
}

/**
 * What a finding is about, without what changes from one look to the next: lines of the policy, receipts, likeness. Of
 * content the detail tells what kind was found, and where in the email.
 */
function keyOf({ rule, message, detail, about = [] }: Finding): string {
  return JSON.stringify([rule, message, rule.startsWith("content.") ? detail : undefined, [...about].sort()]);
}
