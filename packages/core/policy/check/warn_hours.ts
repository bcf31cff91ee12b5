import { describeAtMost } from "../describe_at_most.ts";
import type { PolicyProblem } from "../policy_problem.ts";
import type { AssistantPolicy, HoursPolicy, TeamPolicy } from "../team_policy.ts";
import type { Where } from "../where.ts";
import { longestClosing } from "./_longest_closing.ts";

const MINUTE_MS = 60_000;

/** Where hours that schedule email do not schedule all of it. */
export function warnHours(policy: TeamPolicy): readonly PolicyProblem[] {
  const warned = new Map<Where, readonly PolicyProblem[]>();
  [...policy.assistants.values()].forEach((assistant, index) => {
    const inForce = assistant.hours ?? policy.hours;
    if (inForce?.outside !== "schedule") return;
    const path = assistant.hours === undefined ? "hours.outside" : `assistants[${index}].hours.outside`;
    const messages = [warnReplies(assistant), warnFarOpening(policy, assistant, inForce)];
    const problems = messages.flatMap((message) =>
      message === undefined ? [] : [{ where: inForce.outsideAt, path, message }],
    );
    warned.set(inForce.outsideAt, [...(warned.get(inForce.outsideAt) ?? []), ...problems]);
  });
  const all = [...warned.values()].flat();
  return [...new Map(all.map((one) => [`${one.path} ${one.message}`, one])).values()];
}

function warnReplies({ actions }: AssistantPolicy): string | undefined {
  if (!actions.has("reply")) return undefined;
  return "A reply outside the hours is refused, not scheduled: MultiMail schedules no replies; only other email is scheduled";
}

/** The hours may begin later than email may be scheduled: then it is refused, and whoever wrote `schedule` may not know. */
function warnFarOpening(
  policy: TeamPolicy,
  { actions }: AssistantPolicy,
  hours: HoursPolicy,
): string | undefined {
  if (!actions.has("send") && !actions.has("report")) return undefined;
  const closing = longestClosing(hours);
  if (closing === undefined || closing.minutes * MINUTE_MS <= policy.sendAt.atMostMs) return undefined;
  const hoursLater = Math.round(closing.minutes / 6) / 10;
  return `What is asked for on ${closing.from} is refused, not scheduled: the hours begin ${hoursLater} h later, and ${describeAtMost(policy)}`;
}
