import { type Address, matchesPattern } from "../address/mod.ts";
import type { TeamPolicy } from "../policy/mod.ts";

/** Whether the address belongs to our own people: `recipients.internal`. */
export function isInternal(policy: TeamPolicy, address: Address): boolean {
  return policy.recipients.internal.some((pattern) => matchesPattern(pattern.value, address));
}
