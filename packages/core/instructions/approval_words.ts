import type { ApprovalRequirement } from "../decision/mod.ts";

/** More names than these help nobody. */
const MAX_NAMES = 20;

/**
 * Who must approve an email, for the assistant's user: `a or b`, `2 of a, b`, and what each class wants besides. Undefined:
 * the policy names nobody.
 */
export function approvalWords(requirements: readonly ApprovalRequirement[]): string | undefined {
  const words = requirements.flatMap(({ needed, by }) => {
    const names = by.map(({ address }) => address).slice(0, MAX_NAMES);
    if (names.length === 0) return [];
    return needed === 1 ? [names.join(" or ")] : [`${needed} of ${names.join(", ")}`];
  });
  return words.length === 0 ? undefined : [...new Set(words)].join(", and by ");
}
