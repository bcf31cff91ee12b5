import { type JudgedRecipient, type LimitUsage, limitCounters } from "@countersign/core/decision";
import type { AssistantRef, TeamPolicy } from "@countersign/core/policy";
import { counterOf } from "../counters.ts";
import type { World } from "../world.ts";

/** How much of each limit that the email counts against is used. */
export async function usageOf(
  policy: TeamPolicy,
  caller: AssistantRef,
  recipients: readonly JudgedRecipient[],
  { trail, clock }: Pick<World, "trail" | "clock">,
): Promise<readonly LimitUsage[]> {
  const assistant = policy.assistants.get(caller.assistant);
  const counters = assistant === undefined ? [] : limitCounters(policy, assistant, recipients);
  if (counters.length === 0) return [];
  const used = await trail.usage(
    counters.map((counter) => counterOf(counter, caller)),
    clock(),
  );
  return counters.map(({ limit, recipient, rate }, index) => ({
    limit,
    windowMs: rate.windowMs,
    used: used[index] ?? 0,
    ...(recipient !== undefined && { recipient }),
  }));
}
