import type { Decision, Finding } from "@countersign/core/decision";

/** The decision turned into a denial by something that only the trail could know. */
export function deniedBy(decision: Decision, finding: Finding): Decision {
  return { ...decision, effect: "deny", findings: [finding] };
}
