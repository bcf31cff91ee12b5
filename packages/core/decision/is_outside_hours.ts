import type { AssistantPolicy, TeamPolicy } from "../policy/mod.ts";
import { applyExceptions } from "./apply_exceptions.ts";
import type { JudgedRecipient } from "./decision.ts";
import { hoursOf, isWithinHours } from "./working_hours.ts";

/** An email that left. */
export interface LeavingEmail {
  /** Undefined: the policy does not name it any more. */
  readonly assistant: AssistantPolicy | undefined;
  readonly recipients: readonly JudgedRecipient[];
  /** When it left; epoch milliseconds. */
  readonly at: number;
}

/**
 * Whether an email left at a time at which the policy lets none leave. `decide` sees to it when an email is asked for; one
 * that a person approves later leaves when they do, whatever the hours.
 */
export function isOutsideHours(policy: TeamPolicy, { assistant, recipients, at }: LeavingEmail): boolean {
  const hours = hoursOf(policy, assistant);
  if (hours === undefined || policy.rules.get("hours") === "warn") return false;
  if (isWithinHours(hours, at)) return false;
  if (assistant === undefined) return true;
  const finding = { rule: "hours", effect: "deny", message: "It left outside the hours" } as const;
  const left = applyExceptions([finding], { policy, assistant, recipients, context: { now: at } });
  return left.some(({ effect }) => effect === "deny");
}
