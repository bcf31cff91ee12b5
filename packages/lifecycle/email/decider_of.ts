import { parseAddress } from "@countersign/core/address";
import type { TeamPolicy } from "@countersign/core/policy";
import type { LifecycleData } from "@countersign/trail";

/** Who decided on an email, as far as it matters. */
export type Decider = NonNullable<LifecycleData["decided_by"]>;

/**
 * Whether MultiMail's name of who decided is somebody who may decide on the team's email, another person, or tells nothing of who it was:
 * MultiMail mostly names the account only, by `accountNames`. What holds an address and is none is another person.
 */
export function deciderOf(
  name: string | undefined,
  policy: Pick<TeamPolicy, "approval" | "delegates">,
  accountNames: readonly string[],
): Decider {
  const parsed = parseAddress(name ?? "");
  if (parsed.ok && namesToDecide(policy, parsed.address.key)) return "approver";
  if (name === undefined || !/\S@\S/.test(name)) return "unknown";
  return accountNames.some((one) => keyOf(one) === keyOf(name)) ? "unknown" : "other";
}

/** Of all email, of a class, after a while, or in somebody's place: whether it was their turn is not told here. */
function namesToDecide(
  { approval, delegates = [] }: Pick<TeamPolicy, "approval" | "delegates">,
  address: string,
): boolean {
  const named = [
    approval.by,
    approval.escalate?.to ?? [],
    ...approval.classes.map(({ by }) => by),
    delegates.map(({ to }) => to),
  ];
  return named.flat().some((person) => person.address === address);
}

function keyOf(text: string): string {
  const parsed = parseAddress(text);
  return parsed.ok ? parsed.address.key : text.trim().toLowerCase();
}
