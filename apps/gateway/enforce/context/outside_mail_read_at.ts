import type { TeamPolicy } from "@countersign/core/policy";
import type { World } from "../world.ts";

/**
 * When anybody of the team first was shown mail from outside in the `after_outside_mail.window` that ends now; epoch
 * milliseconds. The first, not the last: whoever was written to since then may have been so on the word of that mail.
 */
export async function outsideMailReadAt(
  policy: TeamPolicy,
  { trail, clock }: Pick<World, "trail" | "clock">,
): Promise<number | undefined> {
  const rule = policy.afterOutsideMail;
  if (rule === undefined || rule.newExternal === "allow") return undefined;
  // Half-open, as every window: what is exactly as old no longer counts.
  return trail.firstOutsideRead(policy.team, clock() - rule.windowMs + 1);
}
