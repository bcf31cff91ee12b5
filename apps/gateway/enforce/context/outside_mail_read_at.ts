import type { AssistantRef, TeamPolicy } from "@countersign/core/policy";
import type { OutcomeData } from "@countersign/trail";
import type { World } from "../world.ts";

/** When the assistant last read mail from outside, if that was in `after_outside_mail.window`; epoch milliseconds. */
export async function outsideMailReadAt(
  policy: TeamPolicy,
  { team, assistant }: AssistantRef,
  { trail, clock }: Pick<World, "trail" | "clock">,
): Promise<number | undefined> {
  if (policy.afterOutsideMail === undefined) return undefined;
  const since = clock() - policy.afterOutsideMail.windowMs;
  for await (const { record } of trail.records({
    kind: "outcome",
    team,
    assistant,
    since,
    newestFirst: true,
  })) {
    if ((record.data as OutcomeData).outside === true) return Date.parse(record.at);
  }
  return undefined;
}
