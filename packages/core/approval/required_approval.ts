import { type ApprovalRequirement, type Decision, requirementOfAll } from "../decision/mod.ts";
import type { TeamPolicy } from "../policy/mod.ts";

/**
 * What approval an email needs. One that was to leave at once, and that MultiMail holds all the same, needs what all email of
 * its team does.
 */
export function requiredApproval(
  policy: TeamPolicy,
  { requirements }: Pick<Decision, "requirements">,
): readonly ApprovalRequirement[] {
  return requirements ?? [requirementOfAll(policy)];
}

/** Who may meet a requirement: its people and, once it has escalated, those to whom it did. */
export function peopleOf(
  { by, escalate }: ApprovalRequirement,
  { escalated }: { readonly escalated: boolean },
): readonly string[] {
  const people = escalated ? [...by, ...(escalate?.to ?? [])] : by;
  return [...new Set(people.map(({ address }) => address))];
}
