import type { ApprovalClass } from "../policy/mod.ts";
import { type ApprovalRequirement, requirementOfAll, requirementOfClass } from "./approval_requirement.ts";
import { type ClassInput, fittingClasses } from "./fitting_classes.ts";

/** What is asked of an email that is held: that of all email, and that of each class that it fits. */
export function requirementsOf(input: ClassInput): readonly ApprovalRequirement[] {
  return [requirementOfAll(input.policy), ...classesOf(input).map(requirementOfClass)];
}

/** Where nobody can tell which classes an email fits, it fits all. */
function classesOf(input: ClassInput): readonly ApprovalClass[] {
  try {
    return fittingClasses(input).map((fitting) => fitting.class);
  } catch {
    return input.policy.approval.classes;
  }
}
