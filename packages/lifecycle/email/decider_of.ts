import { parseAddress } from "@countersign/core/address";
import type { TeamPolicy } from "@countersign/core/policy";
import type { LifecycleData } from "@countersign/trail";

/** Who decided on an email, as far as it matters. */
export type Decider = NonNullable<LifecycleData["decided_by"]>;

/**
 * Whether MultiMail's name of who decided is one of the team's approvers, another person, or tells nothing of who it was:
 * MultiMail mostly names the account only, by `accountNames`. What holds an address and is none is another person.
 */
export function deciderOf(
  name: string | undefined,
  { approvers }: Pick<TeamPolicy, "approvers">,
  accountNames: readonly string[],
): Decider {
  const parsed = parseAddress(name ?? "");
  if (parsed.ok && approvers.includes(parsed.address.key)) return "approver";
  if (name === undefined || !/\S@\S/.test(name)) return "unknown";
  return accountNames.some((one) => keyOf(one) === keyOf(name)) ? "unknown" : "other";
}

function keyOf(text: string): string {
  const parsed = parseAddress(text);
  return parsed.ok ? parsed.address.key : text.trim().toLowerCase();
}
